/** What browsers differ in, asked in one place. docs/browsers.md tells which of them have what. */

/** WebGPU. Pages that are not a secure context have none anywhere. */
export function findGpu(): GPU | undefined {
  return (navigator as { gpu?: GPU }).gpu;
}

/** Whether WebAssembly can wait for a promise, which spares ONNX Runtime's WebGPU build 10 MB. */
export function hasJspi(): boolean {
  return 'Suspending' in WebAssembly;
}

/** Whether threads can share memory. WebKitGTK takes pages for isolated and has none to share. */
export function hasThreads(): boolean {
  return crossOriginIsolated && typeof SharedArrayBuffer !== 'undefined';
}

/**
 * An iPhone or iPad, whatever it calls itself: WebKit that can be touched. No feature tells that pages have little memory there and are
 * ended without an error, nor that threads crash while shared memory grows (26.2,
 * https://github.com/emscripten-core/emscripten/issues/25905). Only the page's thread can ask.
 */
export function isIos(): boolean {
  return 'standalone' in navigator && navigator.maxTouchPoints > 0;
}

/** Whether 2D canvases and `ImageData` can have colours beyond sRGB. */
export function hasWideCanvas(): boolean {
  return 'colorSpace' in ImageData.prototype;
}

/** Whether WebGL takes and shows pictures beyond sRGB. */
export function hasWideGl(): boolean {
  const { prototype } = WebGL2RenderingContext;
  return 'unpackColorSpace' in prototype && 'drawingBufferColorSpace' in prototype;
}

/** Whether WebGPU takes a VideoFrame without a copy. Where it does not, WGSL has no word for it either. */
export function hasExternalTextures(device: GPUDevice): boolean {
  return 'importExternalTexture' in device;
}

/** Frames whose last pixel is red. */
const redFrames = {
  BGRA: { codedWidth: 1, codedHeight: 1, data: [0, 0, 255, 255] },
  NV12: {
    codedWidth: 4,
    codedHeight: 2,
    data: [120, 120, 120, 120, 120, 120, 120, 120, 128, 128, 128, 240],
  },
};

const copies = /* @__PURE__ */ new Map<keyof typeof redFrames, Promise<boolean>>();

/**
 * Whether `VideoFrame.copyTo` gives RGBA of frames of this format, or refuses to. WebKit gives what the frame holds, and Firefox the wrong
 * chroma of NV12, without a word.
 */
export function copiesAsRgba(format: VideoPixelFormat | null): Promise<boolean> {
  const tried = format === 'NV12' ? format : 'BGRA';
  const answer = copies.get(tried) ?? tryToCopy(tried);
  copies.set(tried, answer);
  return answer;
}

async function tryToCopy(format: keyof typeof redFrames): Promise<boolean> {
  const { data, codedWidth, codedHeight } = redFrames[format];
  const layout = { format, codedWidth, codedHeight, timestamp: 0 };
  const frame = new VideoFrame(Uint8Array.from(data), layout);
  const pixels = new Uint8Array(4 * codedWidth * codedHeight);
  try {
    await frame.copyTo(pixels, { format: 'RGBA' });
    return Number(pixels.at(-4)) > 200;
  } catch {
    return true;
  } finally {
    frame.close();
  }
}
