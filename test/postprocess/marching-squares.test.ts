import { expect } from '@open-wc/testing';

import { MarchingSquares } from '../../src/postprocess/marching-squares.ts';
import { areaOf, drawMask, verticesOf } from '../helpers/contours.ts';

/** All rings of a mask drawn by rows. */
function trace(rows: readonly string[], threshold = 0.5): Float32Array[] {
  const width = rows[0]?.length ?? 0;
  const rings = new MarchingSquares().trace(drawMask(...rows), width, rows.length, threshold);
  return Array.from(rings, (ring) => ring.slice());
}

interface Case {
  readonly title: string;
  readonly rows: readonly string[];
  /** Of each ring, in mask pixels; positive for clockwise ones. */
  readonly areas: readonly number[];
}

/** Half a pixel within each other is 1 and 0: the border passes at half of the way, and cuts corners by an eighth. */
const cases: readonly Case[] = [
  { title: 'nothing of an empty mask', rows: ['...', '...'], areas: [] },
  { title: 'the frame of a full mask', rows: ['###', '###'], areas: [6] },
  { title: 'a diamond around one pixel', rows: ['...', '.#.', '...'], areas: [0.5] },
  { title: 'a mask of one pixel', rows: ['#'], areas: [1] },
  { title: 'a square without its corners', rows: ['....', '.##.', '.##.', '....'], areas: [3.5] },
  { title: 'two blobs apart', rows: ['.....', '.#.#.', '.....'], areas: [0.5, 0.5] },
  {
    title: 'a ring and its hole',
    rows: ['.....', '.###.', '.#.#.', '.###.', '.....'],
    areas: [8.5, -0.5],
  },
  {
    title: 'a person who reaches the lower border of the frame',
    rows: ['....', '.##.', '.##.'],
    areas: [3.75],
  },
  { title: 'a blob in a corner of the frame', rows: ['#.', '..'], areas: [0.875] },
  { title: 'a band from border to border', rows: ['.#.', '.#.'], areas: [2] },
];

describe('MarchingSquares', () => {
  for (const { title, rows, areas } of cases) {
    it(`gives ${title}`, () => {
      expect(trace(rows).map(areaOf)).to.deep.equal(areas);
    });
  }

  it('follows the frame exactly', () => {
    expect(verticesOf(trace(['#'])[0] as Float32Array)).to.have.deep.members([
      [0.5, 0],
      [1, 0],
      [1, 0.5],
      [1, 1],
      [0.5, 1],
      [0, 1],
      [0, 0.5],
      [0, 0],
    ]);
  });

  it('puts the border where the mask has the threshold between two pixels', () => {
    const columns = trace(['.28', '.28']).flatMap(verticesOf);
    // 0.2 at 1.5, 0.8 at 2.5: 0.5 in the middle. To the right the frame ends.
    expect(new Set(columns.map(([x]) => x.toFixed(4)))).to.deep.equal(
      new Set(['2.0000', '2.5000', '3.0000']),
    );
    const later = trace(['.28', '.28'], 0.65).flatMap(verticesOf);
    expect(Math.min(...later.map(([x]) => x))).to.be.closeTo(2.25, 1e-6);
  });

  it('counts what equals the threshold as inside', () => {
    expect(trace(['55', '55']).map(areaOf)).to.deep.equal([4]);
    expect(trace(['....', '....'], 0).map(areaOf)).to.deep.equal([8]);
    expect(trace(['##', '##'], 1).map(areaOf)).to.deep.equal([4]);
  });

  const saddles: readonly (readonly [string, readonly string[], number])[] = [
    ['parts blobs that touch at a corner', ['....', '.#..', '..#.', '....'], 2],
    ['parts them in the other direction, too', ['....', '..#.', '.#..', '....'], 2],
    ['joins them where the mean of the four is inside', ['....', '.#4.', '.4#.', '....'], 1],
    ['joins them in the other direction, too', ['....', '.4#.', '.#4.', '....'], 1],
  ];
  for (const [title, rows, count] of saddles) {
    // Apart or joined, the mean of the four corners is 0.5 or 0.7.
    it(title, () => expect(trace(rows, 0.6)).to.have.length(count));
  }

  it('joins at the mean itself', () => {
    expect(trace(['....', '.#..', '..#.', '....'], 0.5)).to.have.length(1);
  });

  it('goes clockwise around what is inside and the other way around holes, at every depth', () => {
    const areas = trace([
      '.......',
      '.#####.',
      '.#...#.',
      '.#.#.#.',
      '.#...#.',
      '.#####.',
      '.......',
    ]).map(areaOf);
    expect(areas.map(Math.sign)).to.have.members([1, -1, 1]);
  });

  it('has no vertex that is not a number, nor one outside the frame', () => {
    const mask = Float32Array.of(NaN, 1, NaN, 1, 1, -3, 7, NaN, Infinity, 0.5, 1, 0);
    const rings = Array.from(new MarchingSquares().trace(mask, 4, 3, 0.5), (ring) => ring.slice());
    expect(rings).not.to.have.length(0);
    for (const [x, y] of rings.flatMap(verticesOf)) {
      expect(x).to.be.within(0, 4);
      expect(y).to.be.within(0, 3);
    }
  });

  it('remembers nothing of the mask before', () => {
    const squares = new MarchingSquares();
    const areas = (rows: readonly string[]): number[] =>
      Array.from(squares.trace(drawMask(...rows), rows[0]?.length ?? 0, rows.length, 0.5), areaOf);
    expect(areas(['###', '###'])).to.deep.equal([6]);
    expect(areas(['...', '...'])).to.deep.equal([]);
    expect(areas(['##', '##', '##', '##'])).to.deep.equal([8]);
    expect(areas(['###', '###'])).to.deep.equal([6]);
  });

  it('takes rings of any length', () => {
    const size = 128;
    const comb = Array.from({ length: size }, (_, y) =>
      y === size - 1 ? '#'.repeat(size) : '#.'.repeat(size / 2),
    );
    const rings = trace(comb);
    expect(rings).to.have.length(1);
    expect(verticesOf(rings[0] as Float32Array)).to.have.length.above(size * size);
  });
});
