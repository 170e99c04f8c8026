/**
 * Public models that are known by the names and shapes of their tensors, and what their files do not tell. What a graph tells itself,
 * such as a softmax at its end, is not here. Each entry names where its facts are from.
 */
import type { ModelInputOptions, ModelOutputOptions } from '../model-options.ts';
import {
  ade20kClasses,
  cityscapesClasses,
  clothesClasses,
  personClasses,
  selfieClasses,
  vocClasses,
  type ClassSet,
} from './class-sets.ts';
import type { OnnxHeader, TensorInfo } from './onnx-header.ts';

export interface ModelFamily {
  readonly name: string;
  /** What it was trained with, in pixels, for files that take any size. Halves of it must do, too. */
  readonly size: { readonly width: number; readonly height: number };
  readonly input: ModelInputOptions;
  readonly output: (header: OnnxHeader) => ModelOutputOptions;
  /** Classes by their number. */
  readonly classSets?: readonly ClassSet[];
  /** How large the output is against the input; else the file is of another family with the same names. */
  readonly outputScale?: number;
  /** Inputs besides the picture, and the one number that fills them. They have one element. */
  readonly constants?: Readonly<Record<string, number>>;
  readonly matches: (header: OnnxHeader) => boolean;
}

/** Mean and standard deviation of ImageNet (https://github.com/pytorch/vision, references/segmentation/presets.py). */
const imageNet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

const modelFamilies: readonly ModelFamily[] = [
  {
    // https://github.com/google-ai-edge/mediapipe, modules/selfie_segmentation; as ONNX by `void-model convert`, or
    // https://huggingface.co/onnx-community/mediapipe_selfie_segmentation (preprocessor_config.json).
    name: 'MediaPipe selfie',
    size: { width: 256, height: 256 },
    input: { range: [0, 1] },
    output: () => ({ kind: 'probability' }),
    matches: (header) =>
      hasNames(header, ['pixel_values'], ['alphas']) ||
      hasNames(header, ['input_1'], ['activation_10']) ||
      hasNames(header, ['input_1'], ['segment_back']),
  },
  {
    // Metadata of selfie_multiclass_256x256.tflite (mean and std 127.5, labels);
    // https://ai.google.dev/edge/mediapipe/solutions/vision/image_segmenter
    name: 'MediaPipe selfie multiclass',
    size: { width: 256, height: 256 },
    input: { range: [-1, 1] },
    output: () => ({}),
    classSets: [selfieClasses],
    matches: ({ inputs: [input, ...others], outputs: [output] }) =>
      others.length === 0 && hasSide(input, 3, 256) && hasSide(output, 6, 256),
  },
  {
    // https://github.com/ZHKKKe/MODNet, onnx/export_onnx.py and inference_onnx.py. Its IBNorm layers tell it from others with these names.
    name: 'MODNet',
    size: { width: 512, height: 512 },
    input: { layout: 'nchw', range: [-1, 1] },
    output: () => ({ kind: 'alpha' }),
    matches: (header) =>
      hasNames(header, ['input'], ['output']) &&
      header.operators.has('InstanceNormalization') &&
      hasChannels(header.outputs[0], 1),
  },
  {
    // https://github.com/xuebinqin/U-2-Net, u2net_test.py and model/u2net.py: the fused map and six side outputs.
    name: 'U2-Net',
    size: { width: 320, height: 320 },
    input: { layout: 'nchw', ...imageNet },
    output: nameFirst,
    matches: ({ inputs, outputs }) =>
      inputs.length === 1 &&
      outputs.length === 7 &&
      outputs.every((output) => hasChannels(output, 1)),
  },
  {
    // https://github.com/xuebinqin/DIS, IS-Net/Inference.py and models/isnet.py: six maps and six layers of features.
    name: 'IS-Net',
    size: { width: 1024, height: 1024 },
    input: { layout: 'nchw', mean: [0.5, 0.5, 0.5], std: [1, 1, 1] },
    output: nameFirst,
    matches: ({ inputs, outputs }) =>
      inputs.length === 1 &&
      outputs.length === 12 &&
      outputs.slice(0, 6).every((output) => hasChannels(output, 1)),
  },
  {
    // https://github.com/PeterL1n/RobustVideoMatting, branch onnx: export_onnx.py; documentation/inference.md. Its states have the usual
    // names; those of one zero, which the first frame of a video gets, stand for any size.
    name: 'Robust Video Matting',
    size: { width: 512, height: 288 },
    input: { name: 'src', layout: 'nchw', range: [0, 1] },
    output: () => ({ name: 'pha', kind: 'alpha' }),
    constants: { downsample_ratio: 1 },
    matches: (header) => hasNames(header, ['src', 'r1i', 'r2i', 'r3i', 'r4i'], ['pha', 'r1o']),
  },
  {
    // https://github.com/tensorflow/models, research/deeplab/export_model.py and deeplab_demo.ipynb; as ONNX by tf2onnx.
    name: 'DeepLab of TensorFlow',
    size: { width: 512, height: 512 },
    input: { layout: 'nhwc' },
    output: () => ({ kind: 'categories', ...vocClasses }),
    matches: (header) => hasNames(header, [/^ImageTensor(:0)?$/], [/^SemanticPredictions(:0)?$/]),
  },
  {
    // The same from the first layer on; what export_model.py does before that is to be done here.
    name: 'DeepLab of TensorFlow, without its preprocessing',
    size: { width: 512, height: 512 },
    input: { range: [-1, 1] },
    output: () => ({}),
    classSets: [vocClasses],
    matches: (header) =>
      hasNames(header, [/^MobilenetV2\/MobilenetV2\/input(:0)?$/], []) ||
      hasNames(header, [/^sub_7(:0)?$/], [/^ResizeBilinear_[23](:0)?$/]),
  },
  {
    // https://github.com/pytorch/vision, torchvision/models/segmentation and references/segmentation/presets.py: DeepLabV3, LR-ASPP, FCN.
    name: 'DeepLabV3 of torchvision',
    size: { width: 512, height: 512 },
    input: { layout: 'nchw', ...imageNet },
    output: () => ({ name: 'out' }),
    classSets: [vocClasses],
    matches: (header) =>
      header.inputs.length === 1 &&
      (hasNames(header, [/./], ['out', 'aux']) ||
        (hasNames(header, [/./], ['out']) && hasChannels(header.outputs[0], 21))),
  },
  {
    // https://github.com/clovaai/ext_portrait_segmentation, etc/Visualize_webCam.py; https://github.com/anilsathyan7/Portrait-Segmentation,
    // SINet/: pixels of 0..255, less the mean, by the deviation, by 255, as OpenCV has them: blue first.
    name: 'SINet',
    size: { width: 320, height: 320 },
    input: {
      layout: 'nchw',
      order: 'bgr',
      range: [0, 1],
      mean: [126.91212 / 255, 111.25247 / 255, 102.890434 / 255],
      std: [66.355705, 62.82138, 62.93292],
    },
    output: () => ({}),
    classSets: [personClasses],
    matches: (header) =>
      hasNames(header, ['data'], [/^(classifier|Softmax)\/1$/]) &&
      hasChannels(header.outputs[0], 2),
  },
  {
    // https://github.com/opencv/opencv_zoo, models/human_segmentation_pphumanseg/pphumanseg.py; https://github.com/PaddlePaddle/PaddleSeg,
    // contrib/PP-HumanSeg (mean and std 0.5; with a softmax or an argmax at the end).
    name: 'PP-HumanSeg',
    size: { width: 256, height: 144 },
    input: { layout: 'nchw', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
    output: () => personClasses,
    matches: (header) =>
      hasNames(
        header,
        ['x'],
        [/^(save_infer_model\/scale_0|softmax_\d+|argmax_\d+|bilinear_interp_v2_\d+|tf\.)/],
      ) &&
      (hasChannels(header.outputs[0], 2) || header.outputs[0]?.dims?.length === 3),
  },
  {
    // https://huggingface.co/docs/transformers/model_doc/segformer: SegformerImageProcessor and a head at a quarter of the size; as ONNX
    // by https://github.com/huggingface/optimum-onnx.
    name: 'SegFormer',
    size: { width: 512, height: 512 },
    input: { layout: 'nchw', ...imageNet },
    output: () => ({ kind: 'logits' }),
    classSets: [ade20kClasses, cityscapesClasses, clothesClasses],
    outputScale: 0.25,
    matches: (header) => hasNames(header, ['pixel_values'], ['logits']),
  },
];

/** @returns null for a model that is no known one. */
export function findFamily(header: OnnxHeader): ModelFamily | null {
  return modelFamilies.find(({ matches }) => matches(header)) ?? null;
}

function nameFirst({ outputs: [first] }: OnnxHeader): ModelOutputOptions {
  return first ? { name: first.name, kind: 'probability' } : {};
}

type Pattern = string | RegExp;

/** Whether there are tensors with these names. */
function hasNames(
  { inputs, outputs }: OnnxHeader,
  wantedInputs: readonly Pattern[],
  wantedOutputs: readonly Pattern[],
): boolean {
  const has = (tensors: readonly TensorInfo[], wanted: Pattern): boolean =>
    tensors.some(({ name }) => (typeof wanted === 'string' ? name === wanted : wanted.test(name)));
  return (
    wantedInputs.every((name) => has(inputs, name)) &&
    wantedOutputs.every((name) => has(outputs, name))
  );
}

/** Whether a tensor may have so many channels, by the file: a size may be open. */
function hasChannels(tensor: TensorInfo | undefined, channels: number): boolean {
  if (tensor?.dims?.length !== 4) return false;
  const [, second, , last] = tensor.dims;
  return second === channels || last === channels || typeof second !== 'number';
}

/** Whether a tensor is a square of this side with so many channels. */
function hasSide(tensor: TensorInfo | undefined, channels: number, sidePx: number): boolean {
  const [, ...rest] = tensor?.dims ?? [];
  return [`${channels},${sidePx},${sidePx}`, `${sidePx},${sidePx},${channels}`].includes(
    rest.join(),
  );
}
