import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { computeBoundaryF, traceBoundary } from '../../bench/metrics/boundary-f.ts';
import { transformDistance } from '../../bench/metrics/distance-transform.ts';
import { computeFalsePositiveArea } from '../../bench/metrics/false-positive-area.ts';
import { computeFlicker } from '../../bench/metrics/flicker.ts';
import { computeIou } from '../../bench/metrics/iou.ts';
import { computeMeanAbsoluteError } from '../../bench/metrics/mean-absolute-error.ts';

/** A mask drawn by hand: `#` is a person, `.` is none. */
function draw(...lines: string[]): Float32Array {
  return Float32Array.from(lines.join(''), (letter) => Number(letter === '#'));
}

function row(...values: number[]): Float32Array {
  return Float32Array.from(values);
}

/** A person who fills all columns of a square picture from this one on. */
function halve(size: number, from: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => Number(i % size >= from));
}

describe('computeIou', () => {
  const cases: readonly [name: string, mask: Float32Array, truth: Float32Array, iou: number][] = [
    ['is 1 for the same', draw('##', '..'), draw('##', '..'), 1],
    ['is 0 for two beside each other', draw('##', '..'), draw('..', '##'), 0],
    ['is 1/3 for one common pixel of three', draw('##', '..'), draw('.#', '.#'), 1 / 3],
    ['is 1 if nobody is there and nobody was found', draw('..'), draw('..'), 1],
    ['is 0 if nobody is there and somebody was found', draw('.#'), draw('..'), 0],
    ['counts a half as a person', row(0.5, 0.49), row(1, 1), 1 / 2],
  ];
  for (const [name, mask, truth, iou] of cases) {
    it(name, () => assert.equal(computeIou(mask, truth), iou));
  }
});

describe('computeMeanAbsoluteError', () => {
  const cases: readonly [name: string, mask: Float32Array, truth: Float32Array, mae: number][] = [
    ['is 0 for the same', draw('#.'), draw('#.'), 0],
    ['is 1 for the opposite', draw('#.'), draw('.#'), 1],
    ['takes errors of both signs', row(0.25, 0.5, 1, 0), row(0, 1, 1, 0), 0.1875],
  ];
  for (const [name, mask, truth, mae] of cases) {
    it(name, () => assert.equal(computeMeanAbsoluteError(mask, truth), mae));
  }
});

describe('computeFalsePositiveArea', () => {
  it('is the share of pixels from a half on', () => {
    assert.equal(computeFalsePositiveArea(row(0.5, 0.49, 1, 0)), 0.5);
    assert.equal(computeFalsePositiveArea(row(0, 0)), 0);
  });
});

describe('transformDistance', () => {
  it('squares the distance to the nearest of all', () => {
    const isSet = new Uint8Array([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    // 5x3 with (4, 0) and (2, 2) set.
    const expected = [8, 5, 4, 1, 0, 5, 2, 1, 2, 1, 4, 1, 0, 1, 4];
    assert.deepEqual([...transformDistance(isSet, 5, 3)], expected);
  });

  it('is as long as can be where nothing is set', () => {
    assert.deepEqual([...transformDistance(new Uint8Array(4), 2, 2)], [1e12, 1e12, 1e12, 1e12]);
  });

  it('agrees with looking at every pair of pixels', () => {
    const width = 23;
    const height = 17;
    // A fixed sequence: Park and Miller's generator.
    let state = 7;
    const isSet = Uint8Array.from({ length: width * height }, () => {
      state = (state * 48271) % 2147483647;
      return Number(state % 40 === 0);
    });
    assert.ok(isSet.includes(1));
    const nearest = Array.from(isSet, (_, i) =>
      Math.min(
        ...[...isSet.entries()]
          .filter(([, value]) => value)
          .map(
            ([j]) =>
              ((i % width) - (j % width)) ** 2 +
              (Math.floor(i / width) - Math.floor(j / width)) ** 2,
          ),
      ),
    );
    assert.deepEqual([...transformDistance(isSet, width, height)], nearest);
  });
});

describe('traceBoundary', () => {
  it('marks what differs to the east, south or south-east', () => {
    const mask = draw('....', '.##.', '.##.', '....');
    const boundary = draw('###.', '#.#.', '###.', '....');
    assert.deepEqual([...traceBoundary(mask, 4, 4)], [...boundary]);
  });

  it("does not take the picture's rim for an outline", () => {
    assert.deepEqual([...traceBoundary(draw('##', '##'), 2, 2)], [0, 0, 0, 0]);
  });
});

describe('computeBoundaryF', () => {
  // The diagonal of 100x100 is 141.4, so outlines match up to 1.06 pixels apart.
  const cases: readonly [name: string, mask: Float32Array, truth: Float32Array, f: number][] = [
    ['is 1 for the same', halve(100, 40), halve(100, 40), 1],
    ['is 1 within the tolerance', halve(100, 41), halve(100, 40), 1],
    ['is 0 beyond the tolerance', halve(100, 42), halve(100, 40), 0],
    ['is 1 if neither has an outline', halve(100, 100), halve(100, 100), 1],
    ['is 0 if only one has an outline', halve(100, 100), halve(100, 40), 0],
  ];
  for (const [name, mask, truth, f] of cases) {
    it(name, () => assert.equal(computeBoundaryF(mask, truth, 100, 100), f));
  }

  it('is the harmonic mean of precision and recall', () => {
    // Two edges were found where one is: precision 1/2, recall 1, so 2/3.
    const mask = halve(100, 40).map((value, i) => (i % 100 >= 80 ? 0 : value));
    assert.equal(computeBoundaryF(mask, halve(100, 40), 100, 100), 2 / 3);
  });
});

describe('computeFlicker', () => {
  it('is 0 for a mask that moves as the truth does', () => {
    const before = { mask: draw('#..'), truth: draw('#..') };
    const after = { mask: draw('.#.'), truth: draw('.#.') };
    assert.deepEqual(computeFlicker(before, after), { hard: 0, soft: 0 });
  });

  it('counts what changes where the truth does not', () => {
    const before = { mask: row(1, 0, 0.25, 0), truth: row(1, 1, 0, 0) };
    // The second changes with the truth, the third trembles below a half, the fourth flips.
    const after = { mask: row(1, 1, 0, 0.75), truth: row(1, 0, 0, 0) };
    assert.deepEqual(computeFlicker(before, after), { hard: 0.25, soft: 0.25 });
  });
});
