import { expect } from '@open-wc/testing';

import { coarseFit, fineFit, GuidedFilter } from '../../src/postprocess/guided-filter.ts';

const size = { width: 64, height: 48 };

/** A person of one grey before a background of another, from column `edge` on. */
function createPicture(edge: number, person: number, background: number): Uint8ClampedArray {
  const picture = new Uint8ClampedArray(4 * size.width * size.height).fill(255);
  for (let i = 0; i < size.width * size.height; i++) {
    picture.fill(i % size.width >= edge ? person : background, 4 * i, 4 * i + 3);
  }
  return picture;
}

function createMask(valueAt: (x: number) => number): Float32Array {
  return Float32Array.from({ length: size.width * size.height }, (_, i) => valueAt(i % size.width));
}

/** The first column of a row that is a person. */
function findEdge(alpha: Float32Array, y: number): number {
  return alpha.subarray(y * size.width, (y + 1) * size.width).findIndex((value) => value >= 0.5);
}

interface Case {
  readonly title: string;
  /** Where the mask puts the edge; the picture has it at 32. */
  readonly maskEdge: number;
  readonly colors: readonly [person: number, background: number];
}

const table: readonly Case[] = [
  { title: 'leaves an edge where it is right', maskEdge: 32, colors: [200, 50] },
  { title: 'pulls in an edge that lies outside', maskEdge: 28, colors: [200, 50] },
  { title: 'pushes out an edge that lies inside', maskEdge: 36, colors: [200, 50] },
  { title: 'takes a dark person as well', maskEdge: 28, colors: [50, 200] },
];

for (const [name, detail] of Object.entries({ fineFit, coarseFit })) {
  describe(`GuidedFilter, ${name},`, () => {
    const refine = (mask: Float32Array, picture: Uint8ClampedArray): Float32Array => {
      const filter = new GuidedFilter(size, detail);
      const alpha = new Float32Array(mask.length);
      filter.fit(mask, picture);
      filter.apply(picture, alpha);
      return alpha;
    };

    for (const { title, maskEdge, colors } of table) {
      it(title, () => {
        const alpha = refine(
          createMask((x) => Number(x >= maskEdge)),
          createPicture(32, ...colors),
        );
        for (const y of [0, 24, 47]) expect(findEdge(alpha, y), `row ${y}`).to.equal(32);
      });
    }

    for (const value of [0, 1]) {
      it(`leaves a mask of nothing but ${value} as it is`, () => {
        const alpha = refine(
          createMask(() => value),
          createPicture(32, 200, 50),
        );
        // Sums of some dozen float32 values.
        for (const found of alpha) expect(found).to.be.closeTo(value, 1e-3);
      });
    }

    it('keeps an edge at which no colour changes within a cell', () => {
      const alpha = refine(
        createMask((x) => Number(x >= 32)),
        createPicture(0, 128, 128),
      );
      expect(findEdge(alpha, 24)).to.be.within(32 - detail.shrinkFactor, 32 + detail.shrinkFactor);
    });

    it('takes sizes that its grid does not divide', () => {
      const filter = new GuidedFilter({ width: 5, height: 3 }, detail);
      const alpha = new Float32Array(15);
      const picture = new Uint8ClampedArray(60).fill(255);
      filter.fit(new Float32Array(15).fill(1), picture);
      filter.apply(picture, alpha);
      for (const value of alpha) expect(value).to.be.closeTo(1, 1e-3);
    });
  });
}
