import type { Frame } from 'puppeteer-core';

/** What a visitor finds on the page of an example. */
export interface ExampleReport {
  /** Of its element; empty where there is none. */
  readonly state: string;
  readonly effect: string;
  /** What its script has written. */
  readonly output: string;
  /** Shares of the picture, 0 to 1; 0 while nothing is shown. */
  readonly clear: number;
  readonly solid: number;
  /** Pixels that differ from the source's. */
  readonly changed: number;
}

/** Presses the first button of the example, once what plays by itself plays. */
export async function pressButton(frame: Frame): Promise<void> {
  await frame.evaluate(async () => {
    await customElements.whenDefined('void-segmenter');
    const element = document.querySelector('void-segmenter');
    while (element?.autoplay && element.state !== 'running') {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    document.querySelector('button')?.click();
  });
}

/** Looks at the page now. */
export function look(frame: Frame): Promise<ExampleReport> {
  return frame.evaluate(async () => {
    const output = document.querySelector('output')?.textContent ?? '';
    const element = document.querySelector('void-segmenter');
    const nothing = { clear: 0, solid: 0, changed: 0 };
    const { state = '', effect = '' } = element ?? {};
    if (!element || !['running', 'paused'].includes(state)) {
      return { state, effect, output, ...nothing };
    }
    const shown = await element.toBlob().then(createImageBitmap, () => null);
    if (!shown) return { state, effect, output, ...nothing };
    const { width, height } = shown;
    const pictures: Uint8ClampedArray[] = [];
    for (const picture of [shown, element.media ?? shown]) {
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context?.drawImage(picture, 0, 0, width, height);
      pictures.push(context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray());
    }
    const [pixels = new Uint8ClampedArray(), source = pixels] = pictures;
    const count = { clear: 0, solid: 0, changed: 0 };
    for (let i = 0; i < pixels.length; i += 4) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.subarray(i, i + 4);
      const [oldRed = 0, oldGreen = 0, oldBlue = 0] = source.subarray(i, i + 3);
      const difference = Math.max(
        Math.abs(red - oldRed),
        Math.abs(green - oldGreen),
        Math.abs(blue - oldBlue),
        255 - alpha,
      );
      if (alpha < 16) count.clear++;
      if (alpha > 240) count.solid++;
      if (difference > 24) count.changed++;
    }
    const all = width * height;
    return {
      state,
      effect,
      output,
      clear: count.clear / all,
      solid: count.solid / all,
      changed: count.changed / all,
    };
  });
}
