import { expect } from '@open-wc/testing';
import { LookAround } from '../../src/framing/look-around.ts';

const size = { width: 640, height: 480 };

/** Numbers of the frames, so far apart in milliseconds, in which it looks around. */
function looksAt(frameMs: number, frames: number): number[] {
  const around = new LookAround();
  return Array.from({ length: frames }, (_, i) => i).filter((i) =>
    around.isDue(1000 * i * frameMs, size),
  );
}

describe('LookAround', () => {
  it('looks once a second', () => {
    expect(looksAt(20, 120)).to.deep.equal([0, 50, 100]);
  });

  it('looks no more often than every thirtieth frame', () => {
    expect(looksAt(100, 70)).to.deep.equal([0, 30, 60]);
  });

  it('looks after a jump back in time', () => {
    const around = new LookAround();
    expect([0, 40_000, 80_000, 20_000, 60_000].map((us) => around.isDue(us, size))).to.deep.equal([
      true,
      false,
      false,
      true,
      false,
    ]);
  });

  it('looks after a jump of more than a second', () => {
    const around = new LookAround();
    expect([0, 900_000, 1_950_000].map((us) => around.isDue(us, size))).to.deep.equal([
      true,
      false,
      true,
    ]);
  });

  it('looks at a new size', () => {
    const around = new LookAround();
    around.isDue(0, size);
    const turned = { width: size.height, height: size.width };
    expect([20_000, 40_000].map((us) => around.isDue(us, turned))).to.deep.equal([true, false]);
  });

  it('looks in the first frame after a reset', () => {
    const around = new LookAround();
    around.isDue(0, size);
    around.reset();
    expect(around.isDue(40_000, size)).to.equal(true);
  });
});
