import { expect } from '@open-wc/testing';
import { PeopleFollower } from '../../src/framing/people-follower.ts';
import { wholeFrame } from '../../src/util/region.ts';
import { createModel } from '../helpers/models.ts';

const side = 32;
const model = createModel({ width: side, height: side }, { width: side, height: side });
const frame = { width: 320, height: 320 };

/** A mask of people in these columns, from top to bottom. */
function maskOf(...columns: readonly (readonly [from: number, to: number])[]): Float32Array {
  return Float32Array.from({ length: side * side }, (_, i) =>
    Number(columns.some(([from, to]) => i % side >= from && i % side < to)),
  );
}

/** One who sees all of a frame with somebody in it on the left. */
function createFollower(): PeopleFollower {
  const follower = new PeopleFollower(model);
  follower.find(maskOf([2, 8]), follower.next(frame), false);
  return follower;
}

describe('PeopleFollower', () => {
  it('follows', () => {
    const { x, width } = createFollower().next(frame);
    expect([x, width < 0.8]).to.deep.equal([0, true]);
  });

  it('does not forget whom it saw by looking for an answer to an older part', () => {
    const follower = createFollower();
    const older = follower.next(frame);
    follower.look(maskOf([2, 8], [24, 30]));
    expect(follower.next(frame).width).to.equal(1);
    follower.find(maskOf([2, 16]), older, false);
    expect(follower.next(frame).width).to.equal(1);
  });

  it('believes the next answer that the one seen is not there', () => {
    const follower = createFollower();
    follower.look(maskOf([2, 8], [24, 30]));
    follower.find(maskOf([2, 8]), follower.next(frame), false);
    expect(follower.next(frame).width).to.be.below(0.8);
  });

  it('takes no answer after a cut that was asked for before', () => {
    const follower = createFollower();
    const cut = follower.next(frame);
    const older = follower.next(frame);
    follower.find(maskOf([2, 16]), cut, true);
    follower.find(maskOf([2, 16]), older, false);
    expect(follower.next(frame)).to.deep.equal(wholeFrame);
  });
});
