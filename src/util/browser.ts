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

let copies: Promise<boolean> | undefined;

/** Whether `VideoFrame.copyTo` gives the format it is asked for, or refuses to. WebKit gives what the frame holds, without a word. */
export function copiesAsAsked(): Promise<boolean> {
  return (copies ??= tryToCopy());
}

async function tryToCopy(): Promise<boolean> {
  const blue = new Uint8Array([255, 0, 0, 255]);
  const layout = { format: 'BGRA', codedWidth: 1, codedHeight: 1, timestamp: 0 } as const;
  const frame = new VideoFrame(blue, layout);
  const pixel = new Uint8Array(4);
  try {
    await frame.copyTo(pixel, { format: 'RGBA' });
    return pixel[2] === 255;
  } catch {
    return true;
  } finally {
    frame.close();
  }
}
