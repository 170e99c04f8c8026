/**
 * What is left out where a browser cannot have it, and why. `files` are not opened; of other files, `tests` are left out by their full
 * titles.
 */

export const withoutWebGpu = {
  reason: 'no WebGPU here',
  files: [
    'test/gpu/device.test.ts',
    'test/gpu/frame-upload.test.ts',
    'test/gpu/shaders.test.ts',
    'test/gpu/upload-paths.test.ts',
    'test/pipeline/webgpu-allocations.test.ts',
    'test/postprocess/class-pass.test.ts',
    'test/preprocess/preprocess-pass.test.ts',
    'test/worker/render-session.test.ts',
  ],
  tests: [
    /webgpu/i,
    /^backends goes on with the next backend by itself/,
    /^backends takes a software GPU when it is named/,
    /^errors of a background tells of one that the GPU has no room for/,
    /^pictures larger than the GPU has room for (are drawn|have masks)/,
  ],
};

export const withoutWebGl = {
  reason: 'no WebGL2 for an OffscreenCanvas here, without a GPU',
  files: ['test/worker/render-session-webgl.test.ts'],
  tests: [
    /webgl/i,
    /^pictures larger than the GPU has room for (are drawn|have masks of their own size on wasm)/,
  ],
};

export const withoutWideCanvas = {
  reason: 'no canvas here has colours beyond sRGB',
  files: ['test/pipeline/frame-gamut.test.ts'],
  tests: [/keeps colours beyond sRGB/],
};

export const otherCanvasLimit = {
  reason: "Chromium's limit of canvases",
  files: [],
  tests: [/^pictures larger than the GPU has room for fail where no canvas is as large/],
};

export const privateWindow = {
  reason: "the driver's windows are private: what is cached there is gone once no worker uses it",
  files: [],
  tests: [/^models in the cache run offline/],
};

export const withoutPrefetch = {
  reason: 'no rel="prefetch" here',
  files: [],
  tests: [/^models in the cache come from where a prefetch hint/],
};

export const withoutFrameCopies = {
  reason:
    'Firefox has neither texture_external in WGSL nor copyExternalImageToTexture() of a VideoFrame; other ways are taken',
  files: [],
  tests: [
    /^upload by (external|copy) /,
    /^compiles external/,
    /^FrameUpload (tries every way|takes at once what|goes on with the other ways)/,
    /^WebGpuRenderer, frame by frame, .* with (VideoFrames that the browser copies|imported VideoFrames)/,
    // Nor does it turn frames.
    /^turns frames, so that/,
  ],
};

export const straightBitmaps = {
  reason:
    'known to be wrong: Firefox copies bitmaps of transparent frames to WebGPU without premultiplying them',
  files: [],
  tests: [/^upload by bitmap (premultiplies|takes the colour from what is fully transparent)/],
};

export const picturesAsVideos = {
  reason: 'GStreamer plays pictures as videos',
  files: [],
  tests: [
    /^openSource opens an image by a URL without an extension/,
    /^lifecycle takes an image by URL, whatever its ending/,
  ],
};

export const shiftedShapes = {
  reason: 'known to be wrong: WebKit moves the shape of a float by its negative margin',
  files: [],
  tests: [/^the text around the person keeps clear of the figure/],
};

export const coarseClock = {
  reason: 'clocks have whole milliseconds, and capturing takes none',
  files: [],
  tests: [/^lifecycle reports how it runs/],
};

export const blobsInOnePiece = {
  reason: 'a blob: URL is read in one piece, which nothing can be told of midway',
  files: [],
  tests: [
    /^loadModelFile progress only ever grows/,
    /^loadModelFile abort (stops the download|rejects with AbortError) midway/,
  ],
};

export const brokenTakenForWhole = {
  reason: 'known to be wrong: an answer of unknown length that breaks off is taken for whole',
  files: [],
  tests: [/^download after a broken connection begins again with a file of unknown length/],
};

export const framesAreDrawn = {
  reason: 'frames are drawn to be read, which makes an ImageData of each',
  files: [],
  tests: [/^CanvasRenderer, in a thousand frames, makes nothing as large as a mask for any effect/],
};

export const otherRounding = {
  reason: 'a level more of rounding, of YUV and at the edges of paths',
  files: [],
  tests: [
    /^CanvasRenderer upload takes a VideoFrame in (I420|NV12), smpte170m/,
    /^ContourTracer fills what is from 0.9 on/,
  ],
};

export const croppedFrames = {
  reason: 'known to be wrong: frames that are cropped are drawn whole',
  files: [],
  tests: [/^CanvasRenderer (upload|replace) takes (as its picture )?a VideoFrame cropped to/],
};

export const withoutWebp = {
  reason: 'canvases become no WebP here; a PNG comes instead',
  files: [],
  tests: [/snapshot is a file of type image\/webp/],
};

export const brokenGzipTakenForWhole = {
  reason: 'known to be wrong: a compressed answer that breaks off is taken for whole',
  files: [],
  tests: [/^download after a broken connection begins again with a file that is compressed/],
};

export const otherPremultiplication = {
  reason: 'colours of what is nearly transparent are rounded otherwise when a canvas is read',
  files: [],
  tests: [
    /^(Canvas|WebGpu)Renderer composite shows on the canvas what a snapshot holds/,
    /^WebGpuRenderer composite draws cutout with a (small )?ramp for a half-transparent frame/,
    /^WebGpuRenderer replace draws the person over a half-transparent picture/,
  ],
};
