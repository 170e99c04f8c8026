import { expect } from '@open-wc/testing';
import backgroundSums from '../../src/composite/background-sums.wgsl';
import composite from '../../src/composite/composite.wgsl';
import cover from '../../src/composite/cover.wgsl';
import gaussian from '../../src/composite/gaussian.wgsl';
import { acquireDevice } from '../../src/gpu/device.ts';
import bounds from '../../src/framing/bounds.wgsl';
import follow from '../../src/framing/follow.wgsl';
import external from '../../src/gpu/external.wgsl';
import planes from '../../src/gpu/planes.wgsl';
import alphaAt from '../../src/postprocess/alpha-at.wgsl';
import average from '../../src/postprocess/average.wgsl';
import categoryOutput from '../../src/postprocess/category-output.wgsl';
import blend from '../../src/postprocess/blend.wgsl';
import fit from '../../src/postprocess/fit.wgsl';
import gather from '../../src/postprocess/gather.wgsl';
import keep from '../../src/postprocess/keep.wgsl';
import cast from '../../src/inference/cast.wgsl';
import classes from '../../src/postprocess/classes.wgsl';
import maskOutput from '../../src/postprocess/mask-output.wgsl';
import observe from '../../src/postprocess/observe.wgsl';
import preprocess from '../../src/preprocess/preprocess.wgsl';

const shaders = {
  alphaAt,
  average,
  backgroundSums: alphaAt + backgroundSums,
  blend,
  bounds,
  cast,
  categoryOutput,
  classes,
  composite: alphaAt + composite,
  cover,
  external,
  fit,
  follow,
  gather,
  gaussian,
  keep,
  maskOutput: alphaAt + maskOutput,
  observe,
  planes,
  preprocess,
};

for (const [name, code] of Object.entries(shaders)) {
  it(`compiles ${name}`, async () => {
    const { device } = await acquireDevice({ powerPreference: '', allowSoftware: true });
    device.pushErrorScope('validation');
    const info = await device.createShaderModule({ code }).getCompilationInfo();
    expect(info.messages.map(({ message, lineNum }) => `${lineNum}: ${message}`)).to.deep.equal([]);
    expect(await device.popErrorScope()).to.equal(null);
    device.destroy();
  });
}
