import { createTestDevice } from './gpu.ts';

/** Of what never changes once it is made. */
const makers = [
  'createShaderModule',
  'createBindGroupLayout',
  'createPipelineLayout',
  'createComputePipelineAsync',
  'createRenderPipelineAsync',
] as const;

let shared: Promise<GPUDevice> | undefined;

/**
 * The device of all renderers of a file, which makes nothing of the same description twice: in software pipelines take
 * far longer to be compiled than what is tested takes to be drawn. Its end is the page's; nobody destroys it.
 */
export function shareDevice(): Promise<GPUDevice> {
  return (shared ??= createTestDevice().then(makeOnce));
}

function makeOnce(device: GPUDevice): GPUDevice {
  const made = new Map<string, unknown>();
  const numbers = new Map<unknown, number>();
  /** Shaders and layouts have no fields that tell one from another. */
  const describe = (_: string, value: unknown): unknown => {
    if (!(value instanceof Object) || value.constructor === Object || Array.isArray(value)) {
      return value;
    }
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return `#${numbers.get(value)}`;
  };
  for (const name of makers) {
    const make = device[name].bind(device) as (descriptor: object) => unknown;
    const remember = (descriptor: object): unknown => {
      const key = name + JSON.stringify(descriptor, describe);
      if (!made.has(key)) made.set(key, make(descriptor));
      return made.get(key);
    };
    Object.assign(device, { [name]: remember });
  }
  return device;
}
