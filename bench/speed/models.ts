import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchModel } from '../pages/subject.ts';
import type { Size } from './arguments.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const square: BenchModel = {
  name: 'selfie',
  onnxUrl: '/dist/models/selfie.onnx',
  tfliteUrl: '/models/selfie_segmenter.tflite',
  width: 256,
  height: 256,
  layout: 'nhwc',
};

const landscape: BenchModel = {
  name: 'selfie-landscape',
  onnxUrl: '/dist/models/selfie-landscape.onnx',
  tfliteUrl: '/models/selfie_segmenter_landscape.tflite',
  width: 256,
  height: 144,
  layout: 'nhwc',
};

/** The model that the element's `auto` picks for this size, for all rows alike. */
export function pickModel({ width, height }: Size, manifest: string | undefined): BenchModel {
  if (manifest) return readManifest(manifest);
  return width / height > 4 / 3 ? landscape : square;
}

/** @param path - Of a manifest, below the project's folder. */
function readManifest(path: string): BenchModel {
  const { file, input } = JSON.parse(readFileSync(join(root, path), 'utf8')) as {
    file: string;
    input: Size & Pick<BenchModel, 'layout'>;
  };
  return {
    name: `/project/${path}`,
    onnxUrl: `/project/${join(dirname(path), file)}`,
    tfliteUrl: '',
    width: input.width,
    height: input.height,
    layout: input.layout,
  };
}
