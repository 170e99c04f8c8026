import { expect } from '@open-wc/testing';

import { ContourTracer, smallestArea, tolerance } from '../../src/postprocess/contour-tracer.ts';
import { MarchingSquares } from '../../src/postprocess/marching-squares.ts';
import { areaOf, distanceToRing, fillPath, measureIou, verticesOf } from '../helpers/contours.ts';

/** As large as models make them. */
const [width, height] = [256, 192];
const size = { width, height };

/** Always the same numbers, 0..1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Some round hills, some of them over the edge of the frame, and round valleys. */
function createHills(seed: number): Float32Array {
  const random = createRandom(seed);
  const hills = Array.from({ length: 9 }, (_, i) => ({
    x: random() * width,
    y: random() * height,
    radius: 20 + 40 * random(),
    sign: i % 3 === 2 ? -1 : 1,
  }));
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    const sum = hills.reduce(
      (total, hill) =>
        total +
        hill.sign *
          Math.exp(-(((x - hill.x) / hill.radius) ** 2) - ((y - hill.y) / hill.radius) ** 2),
      0,
    );
    return Math.min(Math.max(sum, 0), 1);
  });
}

/** A disc with a hole; a soft edge of two pixels. */
function createDisc(radius: number, hole = 0): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    const distance = Math.hypot(x - width / 2, y - height / 2);
    return Math.min(Math.max(Math.min(radius - distance, distance - hole) / 2 + 0.5, 0), 1);
  });
}

describe('ContourTracer', () => {
  for (const rule of ['nonzero', 'evenodd'] as const) {
    it(`fills what is inside, by the rule ${rule}`, () => {
      const tracer = new ContourTracer();
      for (let seed = 1; seed <= 20; seed++) {
        const mask = createHills(seed);
        const { path } = tracer.trace(mask, size, 0.5, size);
        const inside = Array.from(mask, (value) => value >= 0.5);
        const iou = measureIou(fillPath(path, width, height, rule), inside);
        expect(iou, `seed ${seed}`).to.be.above(0.99);
      }
    });
  }

  for (const threshold of [0.1, 0.9]) {
    it(`fills what is from ${threshold} on`, () => {
      const mask = createHills(7);
      const { path } = new ContourTracer().trace(mask, size, threshold, size);
      const inside = Array.from(mask, (value) => value >= threshold);
      expect(measureIou(fillPath(path, width, height), inside)).to.be.above(0.99);
    });
  }

  it('is nowhere farther from the border than the tolerance', () => {
    const mask = createDisc(30);
    const [ring] = new ContourTracer().trace(mask, size, 0.5, size).points;
    const [exact] = new MarchingSquares().trace(mask, width, height, 0.5);
    if (!ring || !exact) throw new Error('no ring');
    const distances = verticesOf(exact).map((vertex) => distanceToRing(vertex, ring));
    expect(ring.length).to.be.below(exact.length / 3);
    expect(Math.max(...distances)).to.be.at.most(tolerance + 1e-5);
  });

  it('is stretched to the target', () => {
    const { points } = new ContourTracer().trace(createDisc(30), size, 0.5, {
      width: 10 * width,
      height: 5 * height,
    });
    const [xs, ys] = [0, 1].map((axis) =>
      points.flatMap(verticesOf).map((vertex) => vertex[axis] ?? NaN),
    );
    // As far from the middle as the radius, within the tolerance.
    expect(Math.max(...(xs ?? []))).to.be.closeTo(10 * (width / 2 + 30), 10 * tolerance);
    expect(Math.min(...(xs ?? []))).to.be.closeTo(10 * (width / 2 - 30), 10 * tolerance);
    expect(Math.max(...(ys ?? []))).to.be.closeTo(5 * (height / 2 + 30), 5 * tolerance);
  });

  it('has the largest ring first, clockwise, and holes the other way', () => {
    const { points } = new ContourTracer().trace(createDisc(30, 12), size, 0.5, size);
    const areas = points.map(areaOf);
    expect(areas).to.have.length(2);
    expect(areas[0]).to.be.closeTo(Math.PI * 30 ** 2, 30);
    expect(areas[1]).to.be.closeTo(-Math.PI * 12 ** 2, 15);
  });

  it('leaves out specks, in and out of the person', () => {
    const mask = createDisc(30);
    mask[5 * width + 5] = 1;
    mask[(height / 2) * width + width / 2] = 0;
    expect(new ContourTracer().trace(mask, size, 0.5, size).points).to.have.length(1);
  });

  it('keeps what is no speck', () => {
    const mask = new Float32Array(width * height);
    // Three by two less its four corners is more than the limit.
    for (let y = 10; y < 12; y++) mask.fill(1, y * width + 10, y * width + 13);
    const { points } = new ContourTracer().trace(mask, size, 0.5, size);
    expect(points.map(areaOf)).to.deep.equal([5.5]);
    expect(5.5).to.be.above(smallestArea);
  });

  it('says the same by path and points', () => {
    const { path, points } = new ContourTracer().trace(createHills(3), size, 0.5, {
      width: 1280,
      height: 720,
    });
    const rings = path.split('Z').slice(0, -1);
    const numbers = rings.map((ring) => ring.match(/[\d.]+/g)?.map(Number) ?? []);
    expect(numbers.map((ring) => ring.length)).to.deep.equal(points.map((ring) => ring.length));
    const differences = numbers.flatMap((ring, i) =>
      ring.map((value, k) => Math.abs(value - (points[i]?.[k] ?? NaN))),
    );
    // Rounded to two decimals, from float32.
    expect(Math.max(...differences)).to.be.below(0.0051);
    expect(path).not.to.match(/\.\d{3}/);
  });

  it('is one that CSS takes', () => {
    const { path } = new ContourTracer().trace(createDisc(30, 12), size, 0.5, size);
    expect(CSS.supports('clip-path', `path("${path}")`)).to.equal(true);
  });

  it('clips everything away where nobody is', () => {
    const { path, points } = new ContourTracer().trace(
      new Float32Array(width * height),
      size,
      0.5,
      size,
    );
    expect(points).to.deep.equal([]);
    expect(CSS.supports('clip-path', `path("${path}")`)).to.equal(true);
    expect(fillPath(path, width, height)).not.to.include(true);
  });
});
