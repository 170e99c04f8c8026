import {
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import { isAbortError, toSegmenterError } from '../errors.ts';
import type { Mask } from '../mask.ts';
import type { ModelOptions } from '../model-options.ts';
import type { BackendOption } from '../pool/backends.ts';
import type { Prompt } from '../prompts.ts';
import type { PowerPreference, WorkersOption } from '../protocol/messages.ts';
import { Segmenter, type PreloadOptions, type SegmentOptions } from '../segmenter.ts';
import type { StillSource } from '../source/capture.ts';
import type { SourceObject, SourceRequest } from '../source/open-source.ts';
import type { Backend, Effect } from '../stage.ts';
import type { SegmenterState } from './events.ts';
import type { SegmenterStats } from './frame-stats.ts';
import {
  checkedOptions,
  checkOption,
  readNumber,
  type CameraOption,
  type CheckedOptions,
  type MaskOutput,
  type MaskSize,
  type Preload,
} from './options.ts';
import { listWords, type WordList } from '../util/list-words.ts';
import { SessionController } from './session-controller.ts';
import { styles } from './styles.ts';

/**
 * Cuts people out of video and images in real time, on the visitor's own device.
 *
 * Everything heavy runs in workers: WebGPU where there is one, WebAssembly where there is not. With every effect but
 * `none`, no pixel of the background reaches the canvas, before the first mask and after a failure included.
 *
 * @tagname void-segmenter
 * @summary Separates people from their background in a video, image, canvas or camera.
 *
 * @slot - A `<video>`, `<img>` or `<canvas>` of the page's own as source; it lies unseen under the canvas.
 * @slot behind - Page content between background and person.
 * @slot loading - Shown while source or model are loading.
 * @slot fallback - Shown after a failure, and read out by screen readers.
 * @slot ready - Never seen; read out by screen readers once the first frame of a source is shown.
 *
 * @csspart video - The inner video. Unseen; it only feeds the canvas.
 * @csspart canvas - What the visitor sees.
 * @csspart behind - The box around the `behind` slot.
 *
 * @cssprop [--void-segmenter-fit=contain] - How the picture fills the element's box; see `object-fit`.
 * @cssprop [--void-segmenter-position=center] - Where it lies in the box; see `object-position`.
 *
 * @cssState idle - There is no source.
 * @cssState loading - Source or model are on their way.
 * @cssState running - Frames are shown as they come.
 * @cssState paused - The source is paused; its last frame is shown.
 * @cssState failed - A fatal error was fired.
 *
 * @fires {StateChangeEvent} void-state-change - The state changed; carries `state` and `previous`.
 * @fires {LoadProgressEvent} void-progress - A model is downloaded; carries `loaded`, `total` and `asset`.
 * @fires {ReadyEvent} void-ready - The model is loaded and warmed up; carries `model` and `backend`.
 * @fires {MaskEvent} void-mask - A mask, for each frame shown, unless `mask-output` is `none`; carries `mask` and `timestampUs`.
 * @fires {BackendChangeEvent} void-backend-change - One backend took the place of another; carries `from`, `to` and `reason`.
 * @fires {StatsEvent} void-stats - At most twice a second; carries `stats`.
 * @fires {SegmenterErrorEvent} void-error - Something went wrong; carries `error`.
 */
export class VoidSegmenterElement extends LitElement {
  static override styles = styles;

  static override properties: PropertyDeclarations = {
    src: {},
    srcObject: { attribute: false },
    camera: {},
    autoplay: { type: Boolean },
    loop: { type: Boolean },
    muted: { type: Boolean },
    poster: {},
    ariaLabel: { attribute: 'aria-label', reflect: true },
    crossOrigin: { attribute: 'crossorigin' },
    model: {},
    integrity: {},
    modelOptions: { attribute: false },
    backend: {},
    powerPreference: { attribute: 'power-preference' },
    effect: {},
    background: {},
    blurRadius: { attribute: 'blur-radius', type: Number },
    maskOutput: { attribute: 'mask-output' },
    maskSize: { attribute: 'mask-size' },
    classes: {},
    prompts: { attribute: false },
    threshold: { type: Number },
    smoothing: { type: Number },
    noRefine: { attribute: 'no-refine', type: Boolean },
    maxFps: { attribute: 'max-fps', type: Number },
    workers: { converter: (text) => readNumber('workers', text) },
    preload: {},
    assetBase: { attribute: 'asset-base' },
  };

  /**
   * Downloads a model into the browser's cache and starts nothing: an element that needs it later has it at once, and offline.
   * Rejects with a {@link SegmenterError}, or with `AbortError`.
   *
   * @param model - As the property `model`, with `selfie` for `auto`.
   * @returns Whether it is kept. It is not where there is no cache (pages without HTTPS, some private windows) or no room.
   */
  static preload(model: string, options?: Omit<PreloadOptions, 'model'>): Promise<boolean> {
    return Segmenter.preload({ ...options, model });
  }

  /** Deletes all models that the browser keeps for this origin. Elements that run go on. */
  static clearCache(): Promise<void> {
    return Segmenter.clearCache();
  }

  /** URL of a video or an image. `srcObject` goes before it. */
  src = '';

  /**
   * A source that has no URL: MediaStream, MediaStreamTrack, Blob, ImageBitmap, HTMLCanvasElement or VideoFrame. The
   * element neither stops nor closes it.
   */
  srcObject: SourceObject | null = null;

  /** Opens the camera on `play()` or with `autoplay`, never before: `user` (also the empty value) or `environment`. */
  camera: CameraOption | null = null;

  /** Plays as soon as the source is there. Browsers want `muted` with it. */
  autoplay = false;

  /** Begins again at the end of a video. */
  loop = false;

  /** Plays without sound. */
  muted = false;

  /** URL of an image to show until the first frame is there. */
  poster = '';

  /** What a screen reader says of the picture. Default: the `alt` or `aria-label` of the slotted source. */
  override ariaLabel: string | null = null;

  /** `anonymous` or `use-credentials`: how to fetch a source of another origin. Without it such a source is tainted. */
  crossOrigin: string | null = null;

  /**
   * `selfie` (256x256), `selfie-landscape` (256x144), the URL of an `.onnx` file or of a model manifest (`.json`), or
   * `auto`: `selfie-landscape` for video wider than 4:3, else `selfie`.
   */
  model = 'auto';

  /** Subresource-Integrity hash of the model file. */
  integrity = '';

  /**
   * What the model's file and manifest do not tell of it, or tell wrong: how pixels go in, and what comes out. Set a new object to change it.
   */
  modelOptions: ModelOptions | null = null;

  /**
   * `webgpu`, `webnn` or `wasm`, or `auto`: WebGPU, unless it is a software one or slower than 60 ms a frame, else
   * WebAssembly. A named one is not replaced by another.
   */
  backend: BackendOption = 'auto';

  /** Which GPU: `high-performance` or `low-power`; empty: the browser's choice. */
  powerPreference: PowerPreference = '';

  /** What is shown: `none`, `mask`, `cutout` (transparent background), `blur` or `replace`. */
  effect: Effect = 'cutout';

  /** For `replace`: a CSS colour, or the URL of an image or a video. */
  background = 'transparent';

  /** For `blur`: standard deviation in pixels of the source, 0 to 500. */
  blurRadius = 12;

  /**
   * What `void-mask` carries: `none`, `alpha`, `float`, `bitmap`, `categories` or `contour` (polygons, as path data and points).
   * With `none` nothing is read back.
   */
  maskOutput: MaskOutput = 'none';

  /**
   * Size of the mask: `source` or `model`. For `contour` it is the space of the coordinates: the contour itself is always that of the
   * mask as the model gave it.
   */
  maskSize: MaskSize = 'source';

  /**
   * Which of the model's classes count as foreground: names or numbers with commas or spaces between them, or a list of them. Empty:
   * all but the background.
   */
  classes: WordList = '';

  /**
   * For promptable models: points `{ x, y, label }` and a box `{ x, y, width, height }` of what is foreground, in pixels of the source.
   * With none nothing is. Set a new list to change it.
   */
  prompts: readonly Prompt[] = [];

  /** For `mask-output` `contour`, and `categories` with a model of two classes: probability from which a pixel is foreground, 0 to 1. */
  threshold = 0.5;

  /**
   * How still masks stand where the picture does: 0 (every frame for itself) to 1. Where the picture moves, masks move with it at any
   * value.
   */
  smoothing = 0.7;

  /** Leaves masks as the model gives them, instead of moving their outlines to where the colours of the frame change. */
  noRefine = false;

  /** Highest frame rate; 0: the source's own. */
  maxFps = 0;

  /**
   * WebAssembly: how many workers run the model, 1 to 8, or `auto`: as many as the device has cores and memory for, started while
   * there are more frames than they can take, as long as each brings a tenth more.
   */
  workers: WorkersOption = 'auto';

  /** `model`: load and warm up the model before there is a source. */
  preload: Preload = 'none';

  /** URL of the folder with workers, wasm files and built-in models. Default: beside the script. */
  assetBase = '';

  readonly #session = new SessionController(this, this.attachInternals());
  readonly #defaults = new Map(checkedOptions.map((name) => [name, this[name]]));
  readonly #lastGood = new Map(this.#defaults);

  /** What the element is doing. */
  get state(): SegmenterState {
    return this.#session.state;
  }

  /** The inner or slotted media element, to seek or set the volume; null while there is none. */
  get media(): HTMLVideoElement | HTMLImageElement | HTMLCanvasElement | null {
    return this.#session.media;
  }

  /** The backend that runs; null while none does. */
  get activeBackend(): Backend | null {
    return this.#session.segmenter?.backend ?? null;
  }

  /**
   * Plays the source, opening the camera if that is the source. Resolves once frames are shown.
   * Rejects with a {@link SegmenterError}, or with `AbortError` if paused or removed meanwhile.
   */
  async play(): Promise<void> {
    await this.#session.play(this.#applied());
  }

  /** Pauses the source. Its last frame stays. */
  pause(): void {
    this.#session.pause();
  }

  /**
   * Segments one picture outside the stream: the given one, or the source's current one. `classes`, and for the latter `prompts`,
   * are the element's unless the options say others.
   * Rejects with a {@link SegmenterError}, or with `AbortError`.
   */
  async segment(source?: StillSource, options?: SegmentOptions): Promise<Mask> {
    await this.#applied();
    return this.#told(async () => {
      const segmenter = await this.#session.ready();
      const all = { classes: this.classes, ...options };
      if (source) return segmenter.segment(source, all);
      const frame = await this.#session.capture();
      try {
        return await segmenter.segment(frame, { prompts: this.prompts, ...all });
      } finally {
        frame.close();
      }
    });
  }

  /**
   * Encodes what is shown, at the source's size; page content in the `behind` slot is not part of it.
   * Rejects with a {@link SegmenterError}; with the code `unsupported` before the first frame, `option-invalid` for WebP of more than
   * 16383 pixels a side.
   *
   * @param type - `image/png` (default), `image/jpeg` or `image/webp`; a PNG comes where the browser writes no WebP (Safari).
   * @param quality - 0 to 1, for lossy types.
   */
  async toBlob(type = 'image/png', quality = 0.92): Promise<Blob> {
    await this.#applied();
    return this.#told(() => this.#session.snapshot(type, quality));
  }

  /** How it runs right now. */
  getStats(): SegmenterStats {
    return this.#session.stats;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    for (const name of checkedOptions) {
      if (changed.has(name)) this.#check(name);
    }
  }

  protected override render(): TemplateResult {
    const { width, height } = this.#session.size;
    const showPoster = this.poster && !this.#session.hasShown;
    return html`
      <svg id="size" aria-hidden="true" width=${width || 300} height=${height || 150}></svg>
      <div id="sources" inert>
        <slot @slotchange=${this.#onSlotChange}></slot>
        <video part="video" playsinline .loop=${this.loop} .muted=${this.muted}></video>
      </div>
      <div part="behind"><slot name="behind"></slot></div>
      ${showPoster ? html`<img id="poster" src=${this.poster} alt="" />` : nothing}
      <div id="canvases"></div>
      <div class="message" id="loading"><slot name="loading"></slot></div>
      <div role="status">
        <div class="message" id="fallback"><slot name="fallback"></slot></div>
        <div id="ready"><slot name="ready"></slot></div>
      </div>
    `;
  }

  protected override updated(): void {
    // WebKit lays the element out at the old width while an SVG with a new one is not put in anew.
    const size = this.renderRoot.querySelector('svg');
    size?.before(size);
    const { maskOutput } = this;
    this.#session.update({
      engine: {
        model: this.model || 'auto',
        integrity: this.integrity,
        modelOptions: this.modelOptions,
        backend: this.backend,
        powerPreference: this.powerPreference,
        assetBase: this.assetBase,
        workers: this.workers,
      },
      source: this.#sourceRequest(),
      autoplay: this.autoplay,
      preload: this.preload === 'model',
      effect: this.effect,
      blurRadiusPx: this.blurRadius,
      background: this.background || 'transparent',
      mask:
        maskOutput === 'none'
          ? null
          : { format: maskOutput, size: this.maskSize, threshold: this.threshold },
      matte: { refine: !this.noRefine, smoothing: this.smoothing },
      classes: listWords(this.classes),
      prompts: this.prompts,
      maxFps: this.maxFps,
    });
  }

  #sourceRequest(): SourceRequest | null {
    if (this.srcObject) return { kind: 'object', object: this.srcObject };
    if (this.src) return { kind: 'url', url: this.src, crossOrigin: this.crossOrigin };
    if (this.camera !== null) return { kind: 'camera', facingMode: this.camera || 'user' };
    const element = this.querySelector<HTMLVideoElement | HTMLImageElement | HTMLCanvasElement>(
      ':scope > :is(video, img, canvas):not([slot])',
    );
    return element && { kind: 'element', element };
  }

  /** An unknown value is told and undone: the last good one stays in force. */
  #check(name: keyof CheckedOptions): void {
    // Frameworks take a value away by undefined, an attribute that is removed by null.
    const value = readNumber(name, this[name] ?? this.#defaults.get(name));
    Object.assign(this, { [name]: value });
    const error = checkOption(name, value);
    if (!error) {
      this.#lastGood.set(name, this[name]);
      return;
    }
    Object.assign(this, { [name]: this.#lastGood.get(name) });
    this.#session.report(error);
  }

  /** Resolves once the session knows what was set. The first update waits for a document, maybe for ever. */
  async #applied(): Promise<void> {
    if (this.isConnected) await this.updateComplete;
  }

  /** What a promise is rejected with arrives as an event, too. */
  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isAbortError(error)) throw error;
      throw this.#session.report(toSegmenterError(error));
    }
  }

  readonly #onSlotChange = (): void => {
    this.requestUpdate();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'void-segmenter': VoidSegmenterElement;
  }
}
