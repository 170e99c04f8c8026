// Made from custom-elements.json by "npm run analyze".
import type * as events from '../element/events.ts';
import type { VoidSegmenterElement } from '../element/void-segmenter.ts';

/** Properties of the element that can be set. */
export interface SegmenterProperties {
  /** URL of a video or an image. `srcObject` goes before it. */
  src?: VoidSegmenterElement['src'] | undefined;
  /**
   * A source that has no URL: MediaStream, MediaStreamTrack, Blob, ImageBitmap, HTMLCanvasElement or VideoFrame. The
   * element neither stops nor closes it.
   */
  srcObject?: VoidSegmenterElement['srcObject'] | undefined;
  /** Opens the camera on `play()` or with `autoplay`, never before: `user` (also the empty value) or `environment`. */
  camera?: VoidSegmenterElement['camera'] | undefined;
  /** Plays as soon as the source is there. Browsers want `muted` with it. */
  autoplay?: VoidSegmenterElement['autoplay'] | undefined;
  /** Begins again at the end of a video. */
  loop?: VoidSegmenterElement['loop'] | undefined;
  /** Plays without sound. */
  muted?: VoidSegmenterElement['muted'] | undefined;
  /** URL of an image to show until the first frame is there. */
  poster?: VoidSegmenterElement['poster'] | undefined;
  /** What a screen reader says of the picture. Default: the `alt` or `aria-label` of the slotted source. */
  ariaLabel?: VoidSegmenterElement['ariaLabel'] | undefined;
  /** `anonymous` or `use-credentials`: how to fetch a source of another origin. Without it such a source is tainted. */
  crossOrigin?: VoidSegmenterElement['crossOrigin'] | undefined;
  /**
   * `selfie` (256x256), `selfie-landscape` (256x144), the URL of an `.onnx` file or of a model manifest (`.json`), or
   * `auto`: `selfie-landscape` for video wider than 4:3, else `selfie`.
   */
  model?: VoidSegmenterElement['model'] | undefined;
  /** Subresource-Integrity hash of the model file. */
  integrity?: VoidSegmenterElement['integrity'] | undefined;
  /** What the model's file and manifest do not tell of it, or tell wrong: how pixels go in, and what comes out. Set a new object to change it. */
  modelOptions?: VoidSegmenterElement['modelOptions'] | undefined;
  /**
   * `webgpu`, `webnn` or `wasm`, or `auto`: WebGPU, unless it is a software one or slower than 60 ms a frame, else
   * WebAssembly. A named one is not replaced by another.
   */
  backend?: VoidSegmenterElement['backend'] | undefined;
  /** Which GPU: `high-performance` or `low-power`; empty: the browser's choice. */
  powerPreference?: VoidSegmenterElement['powerPreference'] | undefined;
  /** What is shown: `none`, `mask`, `cutout` (transparent background), `blur` or `replace`. */
  effect?: VoidSegmenterElement['effect'] | undefined;
  /** For `replace`: a CSS colour, or the URL of an image or a video. */
  background?: VoidSegmenterElement['background'] | undefined;
  /** For `blur`: standard deviation in pixels of the source, 0 to 500. */
  blurRadius?: VoidSegmenterElement['blurRadius'] | undefined;
  /**
   * What `void-mask` carries: `none`, `alpha`, `float`, `bitmap`, `categories` or `contour` (polygons, as path data and points).
   * With `none` nothing is read back.
   */
  maskOutput?: VoidSegmenterElement['maskOutput'] | undefined;
  /**
   * Size of the mask: `source` or `model`. For `contour` it is the space of the coordinates: the contour itself is always that of the
   * mask as the model gave it.
   */
  maskSize?: VoidSegmenterElement['maskSize'] | undefined;
  /**
   * Which of the model's classes count as foreground: names or numbers with commas or spaces between them, or a list of them. Empty:
   * all but the background.
   */
  classes?: VoidSegmenterElement['classes'] | undefined;
  /**
   * For promptable models: points `{ x, y, label }` and a box `{ x, y, width, height }` of what is foreground, in pixels of the source.
   * With none nothing is. Set a new list to change it.
   */
  prompts?: VoidSegmenterElement['prompts'] | undefined;
  /** For `mask-output` `contour`, and `categories` with a model of two classes: probability from which a pixel is foreground, 0 to 1. */
  threshold?: VoidSegmenterElement['threshold'] | undefined;
  /**
   * How still masks stand where the picture does: 0 (every frame for itself) to 1. Where the picture moves, masks move with it at any
   * value.
   */
  smoothing?: VoidSegmenterElement['smoothing'] | undefined;
  /** Leaves masks as the model gives them, instead of moving their outlines to where the colours of the frame change. */
  noRefine?: VoidSegmenterElement['noRefine'] | undefined;
  /** Highest frame rate; 0: the source's own. */
  maxFps?: VoidSegmenterElement['maxFps'] | undefined;
  /**
   * WebAssembly: how many workers run the model, 1 to 8, or `auto`: as many as the device has cores and memory for, started while
   * there are more frames than they can take, as long as each brings a tenth more.
   */
  workers?: VoidSegmenterElement['workers'] | undefined;
  /** `model`: load and warm up the model before there is a source. */
  preload?: VoidSegmenterElement['preload'] | undefined;
  /** URL of the folder with workers, wasm files and built-in models. Default: beside the script. */
  assetBase?: VoidSegmenterElement['assetBase'] | undefined;
}

/** Its attributes. */
export interface SegmenterAttributes {
  /** URL of a video or an image. `srcObject` goes before it. */
  src?: VoidSegmenterElement['src'] | undefined;
  /** Opens the camera on `play()` or with `autoplay`, never before: `user` (also the empty value) or `environment`. */
  camera?: VoidSegmenterElement['camera'] | undefined;
  /** Plays as soon as the source is there. Browsers want `muted` with it. */
  autoplay?: VoidSegmenterElement['autoplay'] | '' | undefined;
  /** Begins again at the end of a video. */
  loop?: VoidSegmenterElement['loop'] | '' | undefined;
  /** Plays without sound. */
  muted?: VoidSegmenterElement['muted'] | '' | undefined;
  /** URL of an image to show until the first frame is there. */
  poster?: VoidSegmenterElement['poster'] | undefined;
  /** What a screen reader says of the picture. Default: the `alt` or `aria-label` of the slotted source. */
  'aria-label'?: VoidSegmenterElement['ariaLabel'] | undefined;
  /** `anonymous` or `use-credentials`: how to fetch a source of another origin. Without it such a source is tainted. */
  crossorigin?: VoidSegmenterElement['crossOrigin'] | undefined;
  /**
   * `selfie` (256x256), `selfie-landscape` (256x144), the URL of an `.onnx` file or of a model manifest (`.json`), or
   * `auto`: `selfie-landscape` for video wider than 4:3, else `selfie`.
   */
  model?: VoidSegmenterElement['model'] | undefined;
  /** Subresource-Integrity hash of the model file. */
  integrity?: VoidSegmenterElement['integrity'] | undefined;
  /**
   * `webgpu`, `webnn` or `wasm`, or `auto`: WebGPU, unless it is a software one or slower than 60 ms a frame, else
   * WebAssembly. A named one is not replaced by another.
   */
  backend?: VoidSegmenterElement['backend'] | undefined;
  /** Which GPU: `high-performance` or `low-power`; empty: the browser's choice. */
  'power-preference'?: VoidSegmenterElement['powerPreference'] | undefined;
  /** What is shown: `none`, `mask`, `cutout` (transparent background), `blur` or `replace`. */
  effect?: VoidSegmenterElement['effect'] | undefined;
  /** For `replace`: a CSS colour, or the URL of an image or a video. */
  background?: VoidSegmenterElement['background'] | undefined;
  /** For `blur`: standard deviation in pixels of the source, 0 to 500. */
  'blur-radius'?: VoidSegmenterElement['blurRadius'] | `${number}` | undefined;
  /**
   * What `void-mask` carries: `none`, `alpha`, `float`, `bitmap`, `categories` or `contour` (polygons, as path data and points).
   * With `none` nothing is read back.
   */
  'mask-output'?: VoidSegmenterElement['maskOutput'] | undefined;
  /**
   * Size of the mask: `source` or `model`. For `contour` it is the space of the coordinates: the contour itself is always that of the
   * mask as the model gave it.
   */
  'mask-size'?: VoidSegmenterElement['maskSize'] | undefined;
  /**
   * Which of the model's classes count as foreground: names or numbers with commas or spaces between them, or a list of them. Empty:
   * all but the background.
   */
  classes?: VoidSegmenterElement['classes'] | undefined;
  /** For `mask-output` `contour`, and `categories` with a model of two classes: probability from which a pixel is foreground, 0 to 1. */
  threshold?: VoidSegmenterElement['threshold'] | `${number}` | undefined;
  /**
   * How still masks stand where the picture does: 0 (every frame for itself) to 1. Where the picture moves, masks move with it at any
   * value.
   */
  smoothing?: VoidSegmenterElement['smoothing'] | `${number}` | undefined;
  /** Leaves masks as the model gives them, instead of moving their outlines to where the colours of the frame change. */
  'no-refine'?: VoidSegmenterElement['noRefine'] | '' | undefined;
  /** Highest frame rate; 0: the source's own. */
  'max-fps'?: VoidSegmenterElement['maxFps'] | `${number}` | undefined;
  /**
   * WebAssembly: how many workers run the model, 1 to 8, or `auto`: as many as the device has cores and memory for, started while
   * there are more frames than they can take, as long as each brings a tenth more.
   */
  workers?: VoidSegmenterElement['workers'] | `${number}` | undefined;
  /** `model`: load and warm up the model before there is a source. */
  preload?: VoidSegmenterElement['preload'] | undefined;
  /** URL of the folder with workers, wasm files and built-in models. Default: beside the script. */
  'asset-base'?: VoidSegmenterElement['assetBase'] | undefined;
}

/** Its events by name. */
export interface SegmenterEvents {
  /** The state changed; carries `state` and `previous`. */
  'void-state-change': events.StateChangeEvent;
  /** A model is downloaded; carries `loaded`, `total` and `asset`. */
  'void-progress': events.LoadProgressEvent;
  /** The model is loaded and warmed up; carries `model` and `backend`. */
  'void-ready': events.ReadyEvent;
  /** A mask, for each frame shown, unless `mask-output` is `none`; carries `mask` and `timestampUs`. */
  'void-mask': events.MaskEvent;
  /** One backend took the place of another; carries `from`, `to` and `reason`. */
  'void-backend-change': events.BackendChangeEvent;
  /** At most twice a second; carries `stats`. */
  'void-stats': events.StatsEvent;
  /** Something went wrong; carries `error`. */
  'void-error': events.SegmenterErrorEvent;
}
