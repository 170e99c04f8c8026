import { expect } from '@open-wc/testing';
import { gaussianWeights, maxSigmaPx, planBlur } from '../../src/composite/blur-plan.ts';

describe('planBlur', () => {
  const cases: readonly [radiusPx: number, width: number, height: number][] = [
    [0, 1280, 720],
    [3, 1280, 720],
    [4, 640, 360],
    [12, 320, 180],
    [100, 40, 23],
    [5000, 1, 1],
  ];
  for (const [radiusPx, width, height] of cases) {
    it(`works at ${width}x${height} for ${radiusPx} pixels at 720p`, () => {
      const plan = planBlur(1280, 720, radiusPx);
      expect([plan.width, plan.height]).to.deep.equal([width, height]);
      expect(plan.sigmaPx).to.be.within(0, maxSigmaPx);
    });
  }
});

describe('gaussianWeights', () => {
  for (const sigmaPx of [0, 0.3, 1.9, maxSigmaPx]) {
    it(`adds up to one and fits the kernel for ${sigmaPx}`, () => {
      const weights = gaussianWeights(sigmaPx);
      expect(weights.length).to.be.at.most(16);
      expect(weights.reduce((sum, weight) => sum + 2 * weight, -(weights[0] ?? 0))).to.be.closeTo(
        1,
        1e-9,
      );
    });
  }
});
