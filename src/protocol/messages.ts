/**
 * What the page thread, the render worker and the inference workers say to each other.
 *
 * Three conversations, each over a {@link Channel}:
 *
 * - page → render worker: {@link RenderRequests}, {@link RenderNotices}; back come {@link RenderEvents}
 * - page → inference worker: {@link InferenceRequests}, {@link InferenceNotices}; back come {@link InferenceEvents}
 * - render worker → inference worker, over a MessagePort of their own: {@link TensorRequests}
 *
 * A request has one answer and can be cancelled. A notice has none. Frames are notices: the newest wins,
 * and the receiver closes every one of them.
 */
import type { WireError } from '../errors.ts';
import type { ModelManifest } from '../inference/manifest.ts';
import type { ModelOptions } from '../model-options.ts';
import type { Prompt } from '../prompts.ts';
import type {
  Backend,
  ClassSelection,
  Continuity,
  EffectOptions,
  Frame,
  MaskFormat,
  ModelSpec,
  Priority,
  Refinement,
  RendererKind,
  StageTimes,
} from '../stage.ts';

/** Requests of one direction: the name of each, what goes out, what comes back. */
export type RequestMap = Record<string, { readonly params: unknown; readonly result: unknown }>;
/** Notices of one direction: the name of each and what it carries. */
export type NoticeMap = Record<string, unknown>;

/** Which model to load, with nothing left to look up. */
export interface ModelRequest {
  /** Absolute URL of an `.onnx` file or of a manifest (`.json`; any URL if `fileUrl` is there). */
  readonly url: string;
  /** Absolute URL of the `.onnx` file, where a bundler moved it away from its manifest; empty: as the manifest says. */
  readonly fileUrl: string;
  /** Subresource-Integrity hash of the `.onnx` file; overrules the manifest's own. */
  readonly integrity: string;
  /** What the page knows of the model; overrules the manifest. */
  readonly options?: ModelOptions | undefined;
}

/** Where ONNX Runtime finds its WebAssembly file. */
export interface RuntimeAssets {
  /** Absolute URL; empty: beside ONNX Runtime's own script, as bundlers arrange it. */
  readonly wasmUrl: string;
}

/** ONNX Runtime's WebAssembly file, compiled; null: the worker is to compile it. */
export interface CompiledWasm {
  readonly module: WebAssembly.Module | null;
}

/** What came of loading a model. */
export interface LoadedModel {
  readonly model: ModelSpec;
  readonly backend: Backend;
  readonly renderer: RendererKind;
  /** See Renderer. */
  readonly maxSidePx: number;
  /** Duration of the last warm-up run, in milliseconds. */
  readonly warmUpMs: number;
  /** Size of the model's files, in bytes. */
  readonly fileBytes: number;
}

/** How to load into the render worker. */
export type RenderLoadParams =
  | {
      readonly backend: 'webgpu';
      readonly model: ModelRequest;
      readonly assets: RuntimeAssets;
      readonly powerPreference: PowerPreference;
      /** Rejects with `backend-unavailable` on a software adapter or when a run takes longer than 60 ms. */
      readonly mustBeFast: boolean;
    }
  | {
      readonly backend: 'webnn';
      readonly model: ModelRequest;
      readonly assets: RuntimeAssets;
      readonly renderer: RendererOption;
    }
  | (PoolParams & { readonly backend: 'wasm' });

/** What draws where the model runs on the CPU. `auto`: WebGL2 where it is a GPU's, else the 2D canvas. */
export type RendererOption = 'auto' | Exclude<RendererKind, 'webgpu'>;

/** Which GPU; empty: the browser's choice. `GPUPowerPreference` is unknown to the TypeScript 5 of some who compile against the package. */
export type PowerPreference = '' | 'high-performance' | 'low-power';

/** How many inference workers a page may ask for. */
export type WorkersOption = 'auto' | number;

/** What a pool of inference workers begins with. */
export interface PoolParams {
  /** What the first worker loaded. */
  readonly loaded: LoadedModel;
  readonly worker: WorkerLine;
  readonly workers: WorkersOption;
  readonly renderer: RendererOption;
  /** Of each worker; undefined: as many as suit the device. */
  readonly threads: number | undefined;
  /** By which to remember what was found out. */
  readonly modelUrl: string;
}

/** Leads to an inference worker that has loaded the model. */
export interface WorkerLine {
  /** Its number; none is given twice. */
  readonly worker: number;
  /** Transferred. */
  readonly port: MessagePort;
  /** Name of a Web Lock that the worker holds while it lives; empty where there are none. */
  readonly lock: string;
}

/** What a mask is to look like. */
export interface MaskRequest {
  readonly format: MaskFormat;
  /** `source`: as large as the frame; `model`: as the model gave it. For `contour` the space of the coordinates. */
  readonly size: 'source' | 'model';
  /** Probability from which a pixel counts as foreground; for `categories` and `contour`. 0..1. */
  readonly threshold: number;
}

/** A mask as it crosses threads. Buffers and bitmap are transferred: the receiver owns them. */
export interface MaskData {
  readonly width: number;
  readonly height: number;
  /** Media time of the frame, in microseconds. */
  readonly timestampUs: number;
  /** Class names, background first. */
  readonly classes: readonly string[];
  readonly content:
    | { readonly format: 'alpha' | 'categories'; readonly data: Uint8Array<ArrayBuffer> }
    | { readonly format: 'float'; readonly data: Float32Array<ArrayBuffer> }
    | { readonly format: 'bitmap'; readonly bitmap: ImageBitmap }
    | {
        readonly format: 'contour';
        /** SVG path data. */
        readonly path: string;
        /** The same: x and y of each vertex, by ring, each in a buffer of its own. */
        readonly points: readonly Float32Array<ArrayBuffer>[];
      };
}

/** What is done to masks before anybody sees them. */
export interface MatteOptions {
  /** Moves outlines to where the colours change. */
  readonly refine: boolean;
  /** How still masks stand where the picture does, 0..1; 0: not smoothed over time. */
  readonly smoothing: number;
}

/** What the running view is to show and to report. */
export interface ViewOptions {
  readonly effect: EffectOptions;
  /** null: no mask is read back. */
  readonly mask: MaskRequest | null;
  /** Names or numbers of the classes that are foreground. Default, and if empty: all but the background. */
  readonly classes?: readonly string[];
  /** For promptable models. Not checked yet. */
  readonly prompts?: readonly Prompt[];
  readonly priority: Priority;
  readonly matte: MatteOptions;
}

/** Page → render worker. */
export type RenderRequests = {
  /**
   * Loads a model and warms it up; replaces the one before.
   * Rejects with `backend-unavailable` or a `model-…` code.
   */
  load: { params: RenderLoadParams; result: LoadedModel };
  /** Downloads a model into the cache. Answers whether it is kept there; rejects with a `model-…` code. */
  preload: { params: ModelRequest; result: boolean };
  /**
   * Segments one picture outside the stream. The frame is transferred and closed by the worker. `classes` and `prompts` as in
   * {@link ViewOptions}; rejects with `option-invalid` if the model does not have them.
   */
  segment: {
    params: {
      frame: Frame;
      mask: MaskRequest;
      classes: readonly string[];
      prompts: readonly Prompt[];
    };
    result: MaskData;
  };
  /** Composites the last frame again and encodes it. Rejects with `unsupported` before the first frame. */
  snapshot: { params: { type: string; quality: number }; result: Blob };
};

/** Page → render worker, no answer. */
export type RenderNotices = {
  /** Sent once to a worker with ONNX Runtime, which waits for it. */
  wasm: CompiledWasm;
  /** Presents on this canvas from now on. Transferred. */
  canvas: { canvas: OffscreenCanvas };
  configure: ViewOptions;
  /** The newest frame of the stream. Transferred; answered by one `frame` event. Captured by `sharedNowMs`. */
  frame: { frame: Frame; timestampUs: number; capturedAtMs: number };
  /** The picture behind the person for `replace`. Transferred; null takes it away. */
  background: { picture: Frame | null };
  /** Makes the canvas transparent and forgets the last frame. */
  clear: null;
  /** One more inference worker. Its port is transferred. */
  workerAdded: WorkerLine;
  /** An inference worker that was wanted could not be started. */
  workerRefused: WireError;
  /** An inference worker has thrown. */
  workerStopped: { worker: number; reason: string };
};

/** Render worker → page. */
export type RenderEvents = {
  /** The script runs. Sent once, first. */
  hello: null;
  progress: { loaded: number; total: number; asset: string };
  /** The model is there; what takes time from here on is this worker alone. */
  opening: null;
  /** What became of a frame. Each `frame` notice is answered once. */
  frame: FrameOutcome;
  mask: MaskData;
  /** An option cannot be used, such as the picture behind the person; everything else goes on. */
  optionRefused: WireError;
  /** The GPU was lost and a new device took over; nothing to do. */
  recovered: { reason: string };
  /** One more inference worker is wanted: answered by `workerAdded` or `workerRefused`. */
  workerWanted: null;
  /** An inference worker is not used any more: it threw, hangs, has ended, or is one too many. */
  workerDone: { worker: number };
  /** The backend is gone and this worker cannot bring it back. */
  failed: WireError;
};

/** What became of one frame. Durations in milliseconds. */
export type FrameOutcome =
  | {
      readonly kind: 'shown';
      readonly width: number;
      readonly height: number;
      readonly timestampUs: number;
      /** From arrival in the worker to the submitted composite. */
      readonly totalMs: number;
      /** Of that, what each stage took; the rest is waiting for its turn. */
      readonly stages: StageTimes;
      readonly refinement: Refinement;
      /** From its capture until its drawing was done, of the last frame of which that is known; 0 before. */
      readonly latencyMs: number;
    }
  /** A newer frame came before this one's turn. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'failed'; readonly error: WireError };

/** Page → inference worker. */
export type InferenceRequests = {
  /** Loads a model with ONNX Runtime's wasm build and warms it up. */
  load: {
    params: {
      model: ModelRequest | SharedModel;
      assets: RuntimeAssets;
      threads: number | undefined;
    };
    result: { loaded: LoadedModel; file: SharedModel; wasm: CompiledWasm };
  };
  /**
   * Answers {@link TensorRequests} on this port from now on. Transferred. The worker holds a Web Lock of this name as long as it
   * lives; answers the name, or an empty one if it could not.
   */
  connect: { params: { port: MessagePort; lock: string }; result: { lock: string } };
};

/** Page → inference worker, no answer. */
export type InferenceNotices = {
  /** Sent once. The worker waits for it. */
  wasm: CompiledWasm;
};

/** A model that another worker has downloaded and checked. */
export interface SharedModel extends SharedFile {
  readonly manifest: ModelManifest | null;
  /** As in {@link ModelRequest}. */
  readonly options?: ModelOptions | undefined;
  /** Of a promptable model. */
  readonly decoder?: SharedFile | undefined;
}

/** An `.onnx` file that another worker has downloaded and checked. */
export interface SharedFile {
  /** Where the bytes came from. */
  readonly url: string;
  readonly bytes: Blob;
  readonly externalData: readonly { readonly path: string; readonly bytes: Blob }[];
}

/** Inference worker → page. */
export type InferenceEvents = {
  hello: null;
  progress: { loaded: number; total: number; asset: string };
  /** As of the render worker. */
  opening: null;
};

/** What travels between render worker and inference worker. */
export interface TensorBuffers {
  readonly pixels: ArrayBuffer;
  readonly mask: ArrayBuffer;
  readonly categories: ArrayBuffer | null;
}

/** Render worker → inference worker. */
export type TensorRequests = {
  /**
   * Runs the model on `pixels`: RGBA, 8 bit, at the model's input size. The buffers are transferred there and
   * back, so that none is ever allocated twice. `mask` and `categories` come back filled, at the model's output size: float32
   * probabilities of foreground, and a byte a pixel, the likeliest class. `categories` is there if `selection` asks
   * for them; without a selection all classes but the background are foreground. A frame that is `next` goes on from what this worker has.
   * Prompts are in pixels of the model's input.
   */
  run: {
    params: TensorBuffers & { selection: ClassSelection | null; continuity: Continuity };
    result: TensorBuffers;
  };
};

/** Nothing is said in this direction. */
export type NoRequests = Record<string, never>;
export type NoNotices = Record<string, never>;
