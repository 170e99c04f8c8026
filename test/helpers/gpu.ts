import { acquireDevice } from '../../src/gpu/device.ts';

/** A device; software will do. The caller destroys it. */
export async function createTestDevice(): Promise<GPUDevice> {
  const { device } = await acquireDevice({ powerPreference: '', allowSoftware: true });
  return device;
}

/** A device with none of the features that adapters may have. The caller destroys it. */
export async function createPlainDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('There is no WebGPU adapter.');
  return adapter.requestDevice();
}

/** Does some work, and throws if WebGPU found anything wrong with it. */
export async function validated<T>(device: GPUDevice, work: () => Promise<T>): Promise<T> {
  device.pushErrorScope('validation');
  let error: GPUError | null;
  let value: T;
  try {
    value = await work();
  } finally {
    error = await device.popErrorScope();
  }
  if (error) throw new Error(`WebGPU: ${error.message}`);
  return value;
}

/** Pixels of a texture of 8-bit RGBA as they are stored. */
export async function readTexture(device: GPUDevice, texture: GPUTexture): Promise<ImageData> {
  const { width, height } = texture;
  // By way of a shader: uploaded textures need no copies, and have no usage for them.
  const module = device.createShaderModule({
    code: `
      @group(0) @binding(0) var source: texture_2d<f32>;
      @group(0) @binding(1) var<storage, read_write> bytes: array<u32>;
      @compute @workgroup_size(64) fn read(@builtin(global_invocation_id) id: vec3u) {
        let size = textureDimensions(source);
        if (id.x >= size.x * size.y) { return; }
        bytes[id.x] = pack4x8unorm(textureLoad(source, vec2u(id.x % size.x, id.x / size.x), 0));
      }`,
  });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const bytes = device.createBuffer({
    size: 4 * width * height,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: texture.createView() },
        { binding: 1, resource: { buffer: bytes } },
      ],
    }),
  );
  pass.dispatchWorkgroups(Math.ceil((width * height) / 64));
  pass.end();
  device.queue.submit([encoder.finish()]);
  const data = new Uint8ClampedArray(await readBuffer(device, bytes));
  bytes.destroy();
  return new ImageData(data, width, height);
}

/** Bytes of a buffer that has the usage COPY_SRC. */
export async function readBuffer(device: GPUDevice, buffer: GPUBuffer): Promise<ArrayBuffer> {
  const staging = device.createBuffer({
    size: buffer.size,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const bytes = staging.getMappedRange().slice(0);
  staging.destroy();
  return bytes;
}

/** A model's answer, in a buffer of its own that lives as long as the device. */
export function createAnswer(device: GPUDevice, values: Float32Array): GPUBuffer {
  const buffer = device.createBuffer({
    label: 'answer',
    size: values.byteLength,
    usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.STORAGE,
    mappedAtCreation: true,
  });
  new Float32Array(buffer.getMappedRange()).set(values);
  buffer.unmap();
  return buffer;
}
