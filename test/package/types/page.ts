import { VoidSegmenterElement, type MaskEvent } from 'void-segmenter';
import { Segmenter, SegmenterError, type Mask } from 'void-segmenter/segmenter.js';

const element = document.querySelector('void-segmenter');
if (element) {
  element.effect = 'blur';
  // @ts-expect-error -- an unknown effect
  element.effect = 'sepia';
  // @ts-expect-error -- only to read
  element.state = 'running';
  element.addEventListener('void-mask', (event) => {
    const mask: Mask = event.mask;
    console.log(mask.width, event.timestampUs.toFixed());
    // @ts-expect-error -- carried by another event
    console.log(event.stats);
  });
}
const made: VoidSegmenterElement = document.createElement('void-segmenter');
made.addEventListener('void-error', ({ error }) => console.error(error.code));

export async function segment(signal: AbortSignal): Promise<Mask> {
  const segmenter = await Segmenter.create({ backend: 'wasm', signal });
  // @ts-expect-error -- not public
  segmenter.setBackground(null);
  return segmenter.segment(new ImageData(1, 1), { output: 'float' });
}
export const isElement = (value: unknown): boolean => value instanceof VoidSegmenterElement;
export const isFatal = (error: unknown): boolean => error instanceof SegmenterError && error.fatal;
export type Listener = (event: MaskEvent) => void;
