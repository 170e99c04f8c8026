import type { ModelOutput } from '../stage.ts';

/** Size of a mask of float32 probabilities, in bytes. */
export function maskSizeBytes(output: ModelOutput): number {
  return 4 * output.width * output.height;
}

/** A mask on the GPU: `[height, width] float32`, row-major. The caller destroys it. */
export function createMaskBuffer(
  device: GPUDevice,
  output: ModelOutput,
  label = 'mask',
): GPUBuffer {
  return device.createBuffer({
    label,
    size: maskSizeBytes(output),
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  });
}

/** Keeps an answer that is a mask. With one channel, nhwc and nchw are the same. */
export function encodeMaskStore(
  encoder: GPUCommandEncoder,
  answer: GPUBuffer,
  mask: GPUBuffer,
): void {
  encoder.copyBufferToBuffer(answer, 0, mask, 0, mask.size);
}
