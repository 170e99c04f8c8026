import { expect } from '@open-wc/testing';
import type { VoidSegmenterElement } from '../../src/index.ts';
import { pixelAt, readPixels, stateOf } from './element.ts';

/** Where the man of the clip is in its first seconds, and where he is not, in shares of width and height. */
const onPerson = [
  { what: 'forehead', x: 0.5, y: 0.42 },
  { what: 'cheek', x: 0.48, y: 0.62 },
  { what: 'chest', x: 0.5, y: 0.95 },
] as const;
const onBackground = [
  { what: 'map', x: 0.12, y: 0.4 },
  { what: 'lamp', x: 0.06, y: 0.9 },
  { what: 'wall', x: 0.85, y: 0.25 },
  { what: 'wall above the head', x: 0.52, y: 0.06 },
] as const;

/** Asserts what a visitor sees of the clip, cut out: the man as he was filmed, and nothing of the room. */
export async function expectCutOut(element: VoidSegmenterElement): Promise<void> {
  await stateOf(element, 'paused');
  element.effect = 'none';
  const filmed = await readPixels(element);
  element.effect = 'cutout';
  const cutOut = await readPixels(element);
  expect([cutOut.width, cutOut.height]).to.deep.equal([400, 300]);
  for (const { what, x, y } of onPerson) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = pixelAt(cutOut, x, y);
    const original = pixelAt(filmed, x, y);
    expect(alpha, `alpha of ${what}`).to.be.greaterThan(240);
    // Un-premultiplying an alpha of 240 costs a level or two.
    [red, green, blue].forEach((level, i) =>
      expect(level, `${what}, channel ${i}`).to.be.closeTo(original[i] ?? 0, 4),
    );
  }
  for (const { what, x, y } of onBackground) {
    expect(pixelAt(filmed, x, y)[3], `${what} was filmed`).to.equal(255);
    expect(pixelAt(cutOut, x, y)[3], `alpha of ${what}`).to.be.lessThan(10);
  }
}
