import type { CommandBatch } from './command-batch.ts';
import code from './external.wgsl';
import { coverTexture, isOpaqueFormat, type UploadPath } from './upload-path.ts';

/** Imports the frame and copies it by a compute pass. Colours, rotation and cropping are the browser's work. */
export class ExternalUpload implements UploadPath {
  readonly name = 'external';
  readonly #device: GPUDevice;
  readonly #linear: GPUSampler;
  #pipeline: Promise<GPUComputePipeline> | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#linear = device.createSampler({ magFilter: 'linear', minFilter: 'linear' });
  }

  accepts({ format }: VideoFrame): boolean {
    return isOpaqueFormat(format);
  }

  async copy(frame: VideoFrame, texture: GPUTexture, batch: CommandBatch): Promise<void> {
    const device = this.#device;
    this.#pipeline ??= device.createComputePipelineAsync({
      label: 'external',
      layout: 'auto',
      compute: { module: device.createShaderModule({ label: 'external.wgsl', code }) },
    });
    const pipeline = await this.#pipeline;
    // From here to the submit in one task: an imported frame expires with it.
    const source = device.importExternalTexture({ label: 'frame', source: frame });
    const pass = batch.encoder.beginComputePass({ label: 'external' });
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        label: 'external',
        layout: pipeline.getBindGroupLayout(0),
        entries: [
          { binding: 0, resource: source },
          { binding: 1, resource: texture.createView() },
          { binding: 2, resource: this.#linear },
        ],
      }),
    );
    pass.dispatchWorkgroups(...coverTexture(texture));
    pass.end();
    batch.submit();
  }
}
