/**
 * How to feed the decoder of a promptable model. Names, shapes and labels are those of Segment Anything's own export
 * (https://github.com/facebookresearch/segment-anything, segment_anything/utils/onnx.py and notebooks/onnx_model_example.ipynb):
 *
 * | name            | what it is                                                                                                          |
 * | --------------- | ------------------------------------------------------------------------------------------------------------------- |
 * | image_embeddings | what the encoder gives                                                                                             |
 * | point_coords    | `[1, N, 2]` x and y, in pixels of the encoder's picture                                                             |
 * | point_labels    | `[1, N]` 1: wanted, 0: not, 2 and 3: top left and bottom right of a box, -1: padding, which there must be without one |
 * | mask_input      | `[1, 1, h, w]` a mask to go on from; has_mask_input `[1]` says whether there is one, which is never so here         |
 * | orig_im_size    | `[2]` height and width that `masks` is to have                                                                      |
 * | masks           | `[1, M, height, width]` logits; low_res_masks the same before it is enlarged, which is enough here                  |
 * | iou_predictions | `[1, M]` how good each of the masks is                                                                              |
 */
import { SegmenterError } from '../errors.ts';
import type { DecoderNames } from './manifest.ts';
import type { OnnxFile } from './model-loader.ts';
import { readOnnxHeader, type TensorInfo } from './onnx-header.ts';
import { describeTensor } from './tensor-shape.ts';

/** Names of a decoder's tensors, and what does not change from run to run. */
export interface DecoderPlan {
  readonly coords: string;
  readonly labels: string;
  /** Name of an input, and of what the encoder gives for it. */
  readonly embeddings: ReadonlyMap<string, string>;
  readonly constants: readonly DecoderConstant[];
  readonly masks: string;
  /** null: the first mask is the one. */
  readonly scores: string | null;
}

/** float32 */
interface DecoderConstant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

/** @throws SegmenterError `model-unsupported` for a decoder that takes or gives other things. */
export function planDecoder(
  file: OnnxFile,
  names: DecoderNames,
  picture: { readonly width: number; readonly height: number },
  encoderOutputs: readonly string[],
): DecoderPlan {
  const { inputs, outputs } = readOnnxHeader(file.bytes, file.url);
  const {
    embeddings: embedding = 'image_embeddings',
    coords = 'point_coords',
    labels = 'point_labels',
    maskInput = 'mask_input',
    hasMaskInput = 'has_mask_input',
    size = 'orig_im_size',
    scores = 'iou_predictions',
  } = names;
  const has = (tensors: readonly TensorInfo[], name: string): boolean =>
    tensors.some((tensor) => tensor.name === name);
  const masks = names.masks ?? (has(outputs, 'low_res_masks') ? 'low_res_masks' : 'masks');
  for (const [name, there] of [
    [coords, inputs],
    [labels, inputs],
    [masks, outputs],
  ] as const) {
    if (!has(there, name)) throw lacks(file.url, name, [...inputs, ...outputs]);
  }
  const embeddings = new Map<string, string>();
  const constants: DecoderConstant[] = [];
  for (const input of inputs) {
    const { name, type, dims } = input;
    const source = encoderOutputs.includes(name) ? name : encoderOutputs[0];
    if (source !== undefined && (source === name || name === embedding)) {
      embeddings.set(name, source);
      continue;
    }
    if (type !== 'float32') throw cannotFeed(file.url, input, 'Export it as float32');
    if (name === coords || name === labels) continue;
    if (name === size) {
      constants.push({ name, dims: [2], values: [picture.height, picture.width] });
    } else if (name === maskInput || name === hasMaskInput) {
      if (!dims?.every((side) => typeof side === 'number')) {
        throw cannotFeed(file.url, input, 'Export it with fixed sizes');
      }
      const length = dims.reduce((product, side) => product * side, 1);
      constants.push({ name, dims, values: Array.from({ length }, () => 0) });
    } else {
      throw cannotFeed(file.url, input, 'Tell its name by "decoder.names" in the manifest');
    }
  }
  if (embeddings.size === 0) throw lacks(file.url, embedding, inputs);
  return {
    coords,
    labels,
    embeddings,
    constants,
    masks,
    scores: has(outputs, scores) ? scores : null,
  };
}

/** Where its two sessions do not run yet. */
export function promptableError(url: string): SegmenterError {
  return new SegmenterError(
    'model-unsupported',
    `${url} is a promptable model, and those run on WebAssembly alone. Use backend="auto" or "wasm".`,
  );
}

function lacks(url: string, name: string, tensors: readonly TensorInfo[]): SegmenterError {
  return new SegmenterError(
    'model-unsupported',
    `The decoder ${url} has no "${name}", but ${tensors.map(describeTensor).join(', ')}. Tell the names by "decoder.names" in the manifest.`,
  );
}

function cannotFeed(url: string, input: TensorInfo, help: string): SegmenterError {
  return new SegmenterError(
    'model-unsupported',
    `The decoder ${url} takes ${describeTensor(input)}, for which there is nothing. ${help}, or export it as Segment Anything is.`,
  );
}
