import { expect } from '@open-wc/testing';

import { RingSimplifier } from '../../src/postprocess/simplify-ring.ts';
import { areaOf, distanceToRing, verticesOf } from '../helpers/contours.ts';

function simplify(ring: readonly number[], tolerance = 0.25): [number, number][] {
  const simplified = new RingSimplifier().simplify(Float32Array.from(ring), tolerance);
  return verticesOf(simplified).map(([x, y]) => [x, y]);
}

/** Around the origin, with bumps. */
function createBlob(count: number): Float32Array {
  const ring = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const angle = (2 * Math.PI * i) / count;
    const radius = 40 + 6 * Math.sin(5 * angle) + 1.5 * Math.sin(23 * angle);
    ring.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * i);
  }
  return ring;
}

const square = [0, 0, 10, 0, 10, 10, 0, 10];

describe('RingSimplifier', () => {
  it('leaves out what lies on a line', () => {
    const ring = [0, 0, 4, 0, 10, 0, 10, 5, 10, 10, 9, 10, 0, 10, 0, 1];
    expect(simplify(ring)).to.deep.equal([
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ]);
  });

  it('keeps corners wherever the ring begins', () => {
    const ring = [5, 0, ...square.slice(2), 0, 0];
    expect(simplify(ring)).to.have.deep.members([
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ]);
  });

  it('leaves out what is nearer than the tolerance, and only that', () => {
    expect(simplify([5, -0.2, ...square.slice(2), 0, 0])).to.have.length(4);
    expect(simplify([5, -0.3, ...square.slice(2), 0, 0])).to.have.length(5);
  });

  it('leaves out one of two vertices at the same place', () => {
    expect(simplify([...square, 0, 0], 0)).to.have.length(4);
  });

  it('keeps a tip that lies on the same line, but beyond its end', () => {
    // Down to the tip and back up, all at x = 60.
    const ring = [0, 100, 60, 0, 60, -12, 60, 40, 0, -100];
    expect(simplify(ring)).to.deep.include([60, -12]);
  });

  it('makes two vertices of a ring that is only a line', () => {
    expect(simplify([0, 0, 5, 0.1, 10, 0, 5, -0.1])).to.deep.equal([
      [0, 0],
      [10, 0],
    ]);
  });

  for (const tolerance of [0.05, 0.25, 1, 4]) {
    it(`is nowhere farther than ${tolerance} from what it left out`, () => {
      const ring = createBlob(700);
      const simplified = new RingSimplifier().simplify(ring, tolerance);
      const distances = verticesOf(ring).map((vertex) => distanceToRing(vertex, simplified));
      expect(simplified.length).to.be.below(ring.length / 2);
      // Float32 has seven digits.
      expect(Math.max(...distances)).to.be.at.most(tolerance + 1e-5);
    });
  }

  it('keeps the direction', () => {
    const ring = createBlob(300);
    const simplifier = new RingSimplifier();
    expect(areaOf(simplifier.simplify(ring, 1))).to.be.closeTo(areaOf(ring), 100);
    const reversed = Float32Array.from(verticesOf(ring).reverse().flat());
    expect(areaOf(simplifier.simplify(reversed, 1))).to.be.closeTo(-areaOf(ring), 100);
  });

  it('gives each ring a buffer of its own', () => {
    const simplifier = new RingSimplifier();
    const first = simplifier.simplify(Float32Array.from(square), 0.25);
    simplifier.simplify(createBlob(300), 0.25);
    expect([...first]).to.deep.equal(square);
    expect(first.buffer.byteLength).to.equal(4 * square.length);
  });
});
