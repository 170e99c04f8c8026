import { expect } from '@open-wc/testing';
import { acquireDevice, isSoftwareAdapter } from '../../src/gpu/device.ts';
import { codeOf } from '../helpers/promises.ts';

const request = { powerPreference: '', allowSoftware: true } as const;

describe('acquireDevice', () => {
  it('finds an adapter', async () => {
    const { device } = await acquireDevice(request);
    device.destroy();
  });

  it("raises the limits to the adapter's", async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const { device } = await acquireDevice(request);
    expect(device.limits.maxBufferSize).to.equal(adapter?.limits.maxBufferSize);
    expect(device.limits.maxTextureDimension2D).to.equal(adapter?.limits.maxTextureDimension2D);
    device.destroy();
  });

  it('rejects a software adapter that was not allowed', async () => {
    const { device, isSoftware } = await acquireDevice(request);
    device.destroy();
    // The test run's own adapter is software; on a real GPU there is nothing to refuse.
    if (!isSoftware) return;
    expect(await codeOf(acquireDevice({ ...request, allowSoftware: false }))).to.equal(
      'backend-unavailable',
    );
  });

  it('asks once more when there is no adapter at first', async () => {
    const original = GPU.prototype.requestAdapter;
    let calls = 0;
    GPU.prototype.requestAdapter = function (this: GPU, options) {
      return ++calls === 1 ? Promise.resolve(null) : original.call(this, options);
    };
    try {
      (await acquireDevice(request)).device.destroy();
      expect(calls).to.equal(2);
    } finally {
      GPU.prototype.requestAdapter = original;
    }
  });

  it('rejects with backend-unavailable when there is no adapter', async () => {
    const original = GPU.prototype.requestAdapter;
    GPU.prototype.requestAdapter = () => Promise.resolve(null);
    try {
      expect(await codeOf(acquireDevice(request))).to.equal('backend-unavailable');
    } finally {
      GPU.prototype.requestAdapter = original;
    }
  });

  it('tells when the device is gone', async () => {
    const { device, lost } = await acquireDevice(request);
    device.destroy();
    expect((await lost).reason).to.equal('destroyed');
  });
});

describe('isSoftwareAdapter', () => {
  const info = {
    vendor: '',
    architecture: '',
    device: '',
    description: '',
    isFallbackAdapter: false,
  };
  const cases: readonly [Partial<typeof info>, boolean][] = [
    [{ isFallbackAdapter: true }, true],
    [{ vendor: 'google', architecture: 'swiftshader' }, true],
    [{ vendor: 'mesa', description: 'llvmpipe (LLVM 19)' }, true],
    [{ vendor: 'nvidia', architecture: 'hopper' }, false],
    [{}, false],
  ];
  for (const [part, expected] of cases) {
    it(`is ${expected} for ${JSON.stringify(part)}`, () => {
      expect(isSoftwareAdapter({ ...info, ...part } as unknown as GPUAdapterInfo)).to.equal(
        expected,
      );
    });
  }
});
