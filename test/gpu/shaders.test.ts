import { expect } from '@open-wc/testing';
import backgroundSums from '../../src/composite/background-sums.wgsl';
import composite from '../../src/composite/composite.wgsl';
import cover from '../../src/composite/cover.wgsl';
import gaussian from '../../src/composite/gaussian.wgsl';
import { acquireDevice } from '../../src/gpu/device.ts';
import external from '../../src/gpu/external.wgsl';
import planes from '../../src/gpu/planes.wgsl';
import classes from '../../src/postprocess/classes.wgsl';
import maskOutput from '../../src/postprocess/mask-output.wgsl';
import preprocess from '../../src/preprocess/preprocess.wgsl';

const shaders = {
  backgroundSums,
  classes,
  composite,
  cover,
  external,
  gaussian,
  maskOutput,
  planes,
  preprocess,
};

for (const [name, code] of Object.entries(shaders)) {
  it(`compiles ${name} alone`, async () => {
    const { device } = await acquireDevice({ powerPreference: '', allowSoftware: true });
    device.pushErrorScope('validation');
    const info = await device.createShaderModule({ code }).getCompilationInfo();
    expect(info.messages.map(({ message, lineNum }) => `${lineNum}: ${message}`)).to.deep.equal([]);
    expect(await device.popErrorScope()).to.equal(null);
    device.destroy();
  });
}
