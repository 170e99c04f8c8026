import { SegmenterError } from '../errors.ts';

/** A device with what its owner needs to know of it. */
export interface GpuDevice {
  readonly device: GPUDevice;
  /** Whether the adapter computes on the CPU. */
  readonly isSoftware: boolean;
  /** Resolves when the device is gone, for whatever reason. */
  readonly lost: Promise<GPUDeviceLostInfo>;
}

/** How to choose an adapter. */
export interface DeviceRequest {
  readonly powerPreference: GPUPowerPreference | '';
  /** Take a software adapter too; without it such a one is as good as none. */
  readonly allowSoftware: boolean;
}

const wantedFeatures: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/** Asked of the adapter in full: models bind large buffers and dispatch large grids. */
const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxTextureDimension2D',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
] as const;

/** An adapter asked for before the GPU process has told of itself is null; a moment later it is there. */
const retryAfterMs = 200;

/**
 * Finds a GPU. The caller destroys the device.
 * Rejects with `backend-unavailable`, saying what is missing.
 */
export async function acquireDevice({
  powerPreference,
  allowSoftware,
}: DeviceRequest): Promise<GpuDevice> {
  // Missing in browsers without WebGPU and outside secure contexts.
  const { gpu } = navigator as { gpu?: GPU };
  if (!gpu) {
    throw new SegmenterError(
      'backend-unavailable',
      'This browser has no WebGPU, or the page is not a secure context. Serve it over HTTPS, or use backend="auto" or "wasm".',
    );
  }
  const options: GPURequestAdapterOptions = powerPreference ? { powerPreference } : {};
  const adapter = (await gpu.requestAdapter(options)) ?? (await retry(gpu, options));
  if (!adapter) {
    throw new SegmenterError(
      'backend-unavailable',
      'This browser has WebGPU but found no GPU for it. Use backend="auto" or "wasm".',
    );
  }
  const isSoftware = adapter.info.isFallbackAdapter;
  if (isSoftware && !allowSoftware) {
    throw new SegmenterError(
      'backend-unavailable',
      'The only WebGPU adapter here computes on the CPU, which is slower than WebAssembly.',
    );
  }
  try {
    const device = await adapter.requestDevice({
      label: 'void-segmenter',
      requiredFeatures: wantedFeatures.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]])),
    });
    return { device, isSoftware, lost: device.lost };
  } catch (error) {
    throw new SegmenterError(
      'backend-unavailable',
      'The GPU gave no device. Try again, or use backend="wasm".',
      {
        cause: error,
      },
    );
  }
}

async function retry(gpu: GPU, options: GPURequestAdapterOptions): Promise<GPUAdapter | null> {
  await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
  return gpu.requestAdapter(options);
}
