import { threshold } from '../../metrics/iou.ts';

/** Where one picture of a contact sheet goes wrong. */
export interface Tile {
  readonly picture: ImageBitmap;
  readonly mask: Float32Array;
  readonly truth: Float32Array;
  readonly label: string;
}

const tilePx = 300;
const labelPx = 22;
const maxColumns = 6;

/** A sheet of tiles: taken for a person and is none: red; is a person and was missed: blue. */
export class ContactSheet {
  readonly #canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;
  readonly #columns: number;
  #count = 0;

  constructor(count: number) {
    this.#columns = Math.min(maxColumns, count);
    const rows = Math.ceil(count / this.#columns);
    this.#canvas = new OffscreenCanvas(this.#columns * tilePx, rows * (tilePx + labelPx));
    const context = this.#canvas.getContext('2d');
    if (!context) throw new Error('This browser has no 2D canvas.');
    this.#context = context;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.font = '13px sans-serif';
  }

  add({ picture, mask, truth, label }: Tile): void {
    const x = (this.#count % this.#columns) * tilePx;
    const y = Math.floor(this.#count / this.#columns) * (tilePx + labelPx);
    this.#count++;
    const { width, height } = picture;
    const scale = tilePx / Math.max(width, height);
    this.#context.drawImage(picture, x, y, width * scale, height * scale);
    const overlay = drawErrors(mask, truth, width, height);
    this.#context.drawImage(overlay, x, y, width * scale, height * scale);
    this.#context.fillStyle = '#000';
    this.#context.fillText(label, x + 4, y + tilePx + 16, tilePx - 8);
  }

  async encode(): Promise<Blob> {
    return this.#canvas.convertToBlob({ type: 'image/png' });
  }
}

function drawErrors(
  mask: Float32Array,
  truth: Float32Array,
  width: number,
  height: number,
): OffscreenCanvas {
  const image = new ImageData(width, height);
  for (let i = 0; i < truth.length; i++) {
    const found = (mask[i] as number) >= threshold;
    const wanted = (truth[i] as number) >= threshold;
    if (found === wanted) continue;
    image.data.set(found ? [255, 0, 0, 150] : [0, 60, 255, 150], 4 * i);
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
