import { writeOnnx, type OnnxNode } from './onnx.ts';

/** The shares of its answer that the states carry. Their sum is 1. */
const shares = [0.5, 0.25, 0.125, 0.125];

/**
 * A model with the names and shapes of Robust Video Matting whose answer is an echo: `(green + before) / 2`, where `before` is the sum of the
 * four states, and each state is a share of the answer. All sizes are open, and a state of one zero is spread.
 */
export function createVideoMatting(): Uint8Array<ArrayBuffer> {
  const picture = ['batch_size', 3, 'height', 'width'];
  const state = ['batch_size', 'channels', 'height', 'width'];
  const numbers = shares.map((_, i) => i + 1);
  const nodes: OnnxNode[] = [
    { operator: 'Conv', inputs: ['src', 'weights'], outputs: ['scaled'] },
    { operator: 'Mul', inputs: ['scaled', 'downsample_ratio'], outputs: ['sum0'] },
    ...numbers.map((n) => ({
      operator: 'Add',
      inputs: [`sum${n - 1}`, `r${n}i`],
      outputs: [`sum${n}`],
    })),
    { operator: 'Mul', inputs: ['sum4', 'half'], outputs: ['pha'] },
    ...numbers.map((n) => ({
      operator: 'Mul',
      inputs: ['pha', `share${n}`],
      outputs: [`r${n}o`],
    })),
    { operator: 'Identity', inputs: ['src'], outputs: ['fgr'] },
  ];
  return writeOnnx({
    inputs: [
      { name: 'src', dims: picture },
      ...numbers.map((n) => ({ name: `r${n}i`, dims: state })),
      { name: 'downsample_ratio', dims: [1] },
    ],
    outputs: [
      { name: 'fgr', dims: picture },
      { name: 'pha', dims: ['batch_size', 1, 'height', 'width'] },
      ...numbers.map((n) => ({ name: `r${n}o`, dims: state })),
    ],
    nodes,
    constants: [
      { name: 'weights', dims: [1, 3, 1, 1], data: Float32Array.of(0, 1, 0) },
      { name: 'half', dims: [], data: Float32Array.of(0.5) },
      ...shares.map((share, i) => ({
        name: `share${i + 1}`,
        dims: [],
        data: Float32Array.of(share),
      })),
    ],
  });
}
