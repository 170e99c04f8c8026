import type { ModelManifest } from '../../../src/inference/manifest.ts';
import { rangesOf } from '../../../src/inference/model-plan.ts';
import { fillTensor } from '../../../src/inference/pixel-tensor.ts';
import type { ModelInputOptions } from '../../../src/model-options.ts';
import { AreaSampler } from '../../../src/preprocess/area-sampler.ts';
import type { ModelInput } from '../../../src/stage.ts';
import type { Picture } from '../pictures/decode.ts';
import { ToolError } from '../tool-error.ts';
import type { Answer, TensorInfo } from './model-session.ts';

/** Feeds pictures to a model as the element does on the CPU: sampled to its size by area, then laid out. */
export class PictureInput {
  readonly #input: ModelInput;
  readonly #sampler: AreaSampler;

  /**
   * @param inputs - What the model takes; more than a picture is refused.
   * @param manifest - How it wants its pixels. Without: RGB, 0..1.
   * @param model - What the error message calls it.
   * @throws ToolError `unsupported-model`
   */
  constructor(inputs: readonly TensorInfo[], manifest: ModelManifest | null, model: string) {
    const [info] = inputs;
    const shape = info && inputs.length === 1 ? findShape(info, manifest?.input) : null;
    if (!info || !shape) {
      const found = inputs.map(({ name, type, dims }) => `"${name}" ${type} [${dims.join(', ')}]`);
      throw new ToolError(
        'unsupported-model',
        `"${model}" takes ${found.join(' and ')}; pictures are fed to one input of ` +
          '[1, height, width, 3] or [1, 3, height, width] only. Sizes that are not fixed a manifest may tell: --manifest.',
      );
    }
    const facts: ModelInputOptions = { ...defaultsFor(info), ...manifest?.input };
    const { order = 'rgb' } = facts;
    this.#input = { name: info.name, ...shape, ranges: rangesOf(facts), order };
    this.#sampler = new AreaSampler(this.#input);
  }

  /** A tensor of its own. */
  fill({ width, height, data }: Picture): Answer {
    const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
    const pixels = this.#sampler.sample({ width, height, words }, false);
    return this.#layOut(pixels);
  }

  /** Paints a picture at the model's own size. */
  paint(painter: (width: number, height: number) => Uint8ClampedArray): Answer {
    return this.#layOut(painter(this.#input.width, this.#input.height));
  }

  #layOut(pixels: Uint8ClampedArray): Answer {
    const { layout, width, height } = this.#input;
    const dims = layout === 'nhwc' ? [1, height, width, 3] : [1, 3, height, width];
    const tensor = { dims, data: new Float32Array(3 * width * height) };
    fillTensor(pixels, this.#input, tensor.data);
    return tensor;
  }
}

function defaultsFor({ type }: TensorInfo): Pick<ModelInputOptions, 'range'> {
  return { range: type === 'uint8' ? [0, 255] : [0, 1] };
}

type Shape = Pick<ModelInput, 'layout' | 'width' | 'height'>;

/** Layout and size by the model itself, sizes that it leaves open by the manifest. */
function findShape({ dims }: TensorInfo, claimed: ModelInputOptions | undefined): Shape | null {
  if (dims.length !== 4 || (dims[0] !== 1 && typeof dims[0] === 'number')) return null;
  const layout = dims[3] === 3 ? 'nhwc' : dims[1] === 3 ? 'nchw' : null;
  if (!layout) return null;
  const [height, width] = layout === 'nhwc' ? dims.slice(1, 3) : dims.slice(2);
  const fixed = (size: number | string | undefined, named: number | undefined): number =>
    typeof size === 'number' ? size : (named ?? 0);
  const shape = {
    layout,
    width: fixed(width, claimed?.width),
    height: fixed(height, claimed?.height),
  } as const;
  return shape.width > 0 && shape.height > 0 ? shape : null;
}
