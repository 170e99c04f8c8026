/**
 * A promptable model in the shape of Segment Anything's export that selects what has the colour of the points: an encoder that passes the
 * picture on, signed with random numbers that no other run gives, and a decoder that puts this signature into the first row of its masks.
 */
import {
  int,
  ints,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
} from './void-model/onnx/graph.ts';

/** Not square, so that width and height are not taken for each other. */
const width = 48;
const height = 32;
const area = width * height;

const int64Code = 7;

function node(
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode {
  return { name: output, opType, inputs, outputs: [output], attributes };
}

function floats(name: string, values: readonly number[], dims = [values.length]): OnnxTensor {
  return { name, dims, data: Float32Array.from(values) };
}

function indices(name: string, ...values: number[]): OnnxTensor {
  return { name, dims: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** `[1, 3, height, width]` RGB 0..1 in; the same with a fourth channel of random numbers 0..1 out. */
export function createEncoderGraph(): OnnxGraph {
  return {
    name: 'color-picker encoder',
    inputs: [{ name: 'image', dims: [1, 3, height, width] }],
    outputs: [{ name: 'image_embeddings', dims: [1, 4, height, width] }],
    tensors: [],
    nodes: [
      node('RandomUniform', [], 'signature', { shape: ints(1, 1, height, width) }),
      node('Concat', ['image', 'signature'], 'image_embeddings', { axis: int(1) }),
    ],
  };
}

/**
 * Two masks, of which the second is the good one and the first its opposite. Of each pixel the logit is 400 times
 * `min(max(alike, inside), unlike)`: how like it is to a wanted point's colour or how far inside of the box, and not like an unwanted
 * point's colour; except in the first row, where it is the signature.
 */
export function createDecoderGraph(): OnnxGraph {
  const pixels = Array.from({ length: area }, (_, i) => i);
  const grid = pixels.flatMap((i) => [(i % width) + 0.5, Math.floor(i / width) + 0.5]);
  return {
    name: 'color-picker decoder',
    inputs: [
      { name: 'image_embeddings', dims: [1, 4, height, width] },
      { name: 'point_coords', dims: [1, 'num_points', 2] },
      { name: 'point_labels', dims: [1, 'num_points'] },
      { name: 'mask_input', dims: [1, 1, 8, 12] },
      { name: 'has_mask_input', dims: [1] },
      { name: 'orig_im_size', dims: [2] },
    ],
    outputs: [
      { name: 'masks', dims: [1, 2, null, null] },
      { name: 'iou_predictions', dims: [1, 2] },
      { name: 'low_res_masks', dims: [1, 2, height, width] },
    ],
    tensors: [
      indices('zero', 0),
      indices('one', 1),
      indices('two', 2),
      indices('three', 3),
      indices('four', 4),
      indices('flat', -1),
      indices('pairs', -1, 2),
      indices('channels', 4, area),
      indices('mask_shape', 1, 1, height, width),
      indices('batch_and_masks', 1, 2),
      floats('no', [0]),
      floats('yes', [1]),
      floats('top_left', [2]),
      floats('bottom_right', [3]),
      floats('never', [-1]),
      floats('much', [1000]),
      floats('likeness', [0.03]),
      floats('steepness', [400]),
      floats('first_pixel', [0, 0]),
      floats('last_pixel', [width - 1, height - 1]),
      floats('strides', [1, width]),
      floats('grid', grid, [area, 2]),
      floats(
        'first_row',
        pixels.map((i) => Number(i < width)),
      ),
      floats('scores', [0.1, 0.9], [1, 2]),
    ],
    nodes: [
      node('Reshape', ['image_embeddings', 'channels'], 'all'),
      node('Slice', ['all', 'zero', 'three', 'zero'], 'colors'),
      node('Slice', ['all', 'three', 'four', 'zero'], 'signature'),
      node('Reshape', ['point_labels', 'flat'], 'labels'),
      node('Reshape', ['point_coords', 'pairs'], 'places'),
      // How alike each pixel is to each point: [area, N].
      node('Floor', ['places'], 'floored'),
      node('Max', ['floored', 'first_pixel'], 'not_before'),
      node('Min', ['not_before', 'last_pixel'], 'clamped'),
      node('Mul', ['clamped', 'strides'], 'offsets'),
      node('ReduceSum', ['offsets', 'one'], 'offset', { keepdims: int(0) }),
      node('Cast', ['offset'], 'index', { to: int(int64Code) }),
      node('Gather', ['colors', 'index'], 'picked', { axis: int(1) }),
      node('Unsqueeze', ['colors', 'two'], 'every_color'),
      node('Unsqueeze', ['picked', 'one'], 'every_point'),
      node('Sub', ['every_color', 'every_point'], 'difference'),
      node('Mul', ['difference', 'difference'], 'square'),
      node('ReduceSum', ['square', 'zero'], 'distance', { keepdims: int(0) }),
      node('Sub', ['likeness', 'distance'], 'alike'),
      node('Equal', ['labels', 'yes'], 'is_wanted'),
      node('Where', ['is_wanted', 'alike', 'never'], 'like_wanted'),
      node('ReduceMax', ['like_wanted'], 'wanted', { axes: ints(1), keepdims: int(0) }),
      node('Equal', ['labels', 'no'], 'is_unwanted'),
      node('Neg', ['alike'], 'unlike'),
      node('Where', ['is_unwanted', 'unlike', 'yes'], 'unlike_unwanted'),
      node('ReduceMin', ['unlike_unwanted'], 'allowed', { axes: ints(1), keepdims: int(0) }),
      // How far each pixel is inside of the box; nothing is inside of none.
      ...['top_left', 'bottom_right'].flatMap((corner) => [
        node('Equal', ['labels', corner], `is_${corner}`),
        node('Unsqueeze', [`is_${corner}`, 'one'], `is_${corner}_place`),
        node('Where', [`is_${corner}_place`, 'places', 'no'], `${corner}_places`),
        node('ReduceSum', [`${corner}_places`, 'zero'], `${corner}_place`, { keepdims: int(0) }),
      ]),
      node('Sub', ['grid', 'top_left_place'], 'after'),
      node('Sub', ['bottom_right_place', 'grid'], 'before'),
      node('Min', ['after', 'before'], 'margins'),
      node('ReduceMin', ['margins'], 'inside', { axes: ints(1), keepdims: int(0) }),
      node('Max', ['wanted', 'inside'], 'chosen'),
      node('Min', ['chosen', 'allowed'], 'selected'),
      node('Mul', ['selected', 'steepness'], 'logits'),
      node('Reshape', ['signature', 'flat'], 'signed'),
      node('Equal', ['first_row', 'yes'], 'is_first_row'),
      node('Where', ['is_first_row', 'signed', 'logits'], 'answer'),
      // With a mask to go on from everything is selected.
      node('ReduceMax', ['mask_input'], 'mask_level', { keepdims: int(0) }),
      node('Add', ['mask_level', 'much'], 'raise'),
      node('Mul', ['raise', 'has_mask_input'], 'raised'),
      node('Add', ['answer', 'raised'], 'final'),
      node('Reshape', ['final', 'mask_shape'], 'good'),
      node('Neg', ['good'], 'bad'),
      node('Concat', ['bad', 'good'], 'low_res_masks', { axis: int(1) }),
      node('Cast', ['orig_im_size'], 'sides', { to: int(int64Code) }),
      node('Concat', ['batch_and_masks', 'sides'], 'sizes', { axis: int(0) }),
      node('Resize', ['low_res_masks', '', '', 'sizes'], 'masks'),
      node('Identity', ['scores'], 'iou_predictions'),
    ],
  };
}

/** What a manifest has to say of it, but for hashes. */
export const colorPicker = {
  input: {
    name: 'image',
    layout: 'nchw',
    width,
    height,
    type: 'float32',
    range: [0, 1],
    order: 'rgb',
  },
} as const;
