import { SegmenterError } from '../errors.ts';
import { findGpu } from '../util/browser.ts';

/** A device and what is known of the adapter it came from. */
export interface GpuDevice {
  /** Whoever asked for it destroys it. */
  readonly device: GPUDevice;
  /** What tells this adapter from others, as far as the browser says. */
  readonly adapterName: string;
  /** Whether the CPU does the work: correct, and far too slow for video. */
  readonly isSoftware: boolean;
  /** Resolves, never rejects, when the device is gone; also after `device.destroy()`. */
  readonly lost: Promise<GPUDeviceLostInfo>;
}

export interface DeviceRequest {
  /** Empty: the browser's choice. */
  readonly powerPreference: GPUPowerPreference | '';
  /** Whether an adapter that computes on the CPU will do. */
  readonly allowSoftware: boolean;
}

/** Model weights and large frames outgrow the default limits; workgroup limits are ONNX Runtime's. */
const raisedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxTextureDimension2D',
] as const;

const wantedFeatures: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/** A GPU process that is just restarting answers null once. */
const retryDelayMs = 200;

/**
 * Gets a device with the adapter's own limits and the optional features there are.
 * Rejects with `backend-unavailable` where there is none, or only software that was not allowed.
 */
export async function acquireDevice(request: DeviceRequest): Promise<GpuDevice> {
  const gpu = findGpu();
  if (!gpu) {
    throw new SegmenterError(
      'backend-unavailable',
      'This browser has no WebGPU here; it needs a secure context (https or localhost). Use backend="auto" or "wasm".',
    );
  }
  const adapter = await findAdapter(gpu, request.powerPreference);
  if (!adapter) {
    throw new SegmenterError(
      'backend-unavailable',
      'WebGPU found no adapter: the GPU is missing, blocked or switched off in the browser. Use backend="auto" or "wasm".',
    );
  }
  const isSoftware = isSoftwareAdapter(adapter.info);
  if (isSoftware && !request.allowSoftware) {
    throw new SegmenterError(
      'backend-unavailable',
      'WebGPU runs in software here, which is slower than WebAssembly. Use backend="auto" or "wasm", or name "webgpu" to have it all the same.',
    );
  }
  const device = await openDevice(adapter);
  return { device, adapterName: nameAdapter(adapter.info), isSoftware, lost: device.lost };
}

/** Whether the adapter computes on the CPU, by its own word or by its name. */
export function isSoftwareAdapter(info: GPUAdapterInfo): boolean {
  if (info.isFallbackAdapter) return true;
  return /swiftshader|llvmpipe|lavapipe|microsoft basic render/i.test(nameAdapter(info));
}

function nameAdapter({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  return `${vendor} ${architecture} ${device} ${description}`;
}

async function findAdapter(
  gpu: GPU,
  powerPreference: DeviceRequest['powerPreference'],
): Promise<GPUAdapter | null> {
  const options = powerPreference === '' ? {} : { powerPreference };
  const adapter = await gpu.requestAdapter(options);
  if (adapter) return adapter;
  await new Promise((resolve) => setTimeout(resolve, retryDelayMs));
  return gpu.requestAdapter(options);
}

async function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits = Object.fromEntries(
    raisedLimits.map((limit) => [limit, adapter.limits[limit]]),
  );
  const requiredFeatures = wantedFeatures.filter((feature) => adapter.features.has(feature));
  try {
    return await adapter.requestDevice({
      label: 'void-segmenter',
      requiredFeatures,
      requiredLimits,
    });
  } catch (error) {
    throw new SegmenterError(
      'backend-unavailable',
      'The GPU refused a WebGPU device. Reload the page, or use backend="auto" or "wasm".',
      { cause: error },
    );
  }
}
