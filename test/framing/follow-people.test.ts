import { expect } from '@open-wc/testing';
import { followPeople } from '../../src/framing/follow-people.ts';
import { wholeFrame, type Region } from '../../src/util/region.ts';

const frame = { width: 1000, height: 500 };
/** Of a square model. */
const aspect = 1;

/** In pixels of the frame: left, top, right, bottom. */
type Edges = readonly [number, number, number, number];

function toRegion([left, top, right, bottom]: Edges): Region {
  const { width, height } = frame;
  return {
    x: left / width,
    y: top / height,
    width: (right - left) / width,
    height: (bottom - top) / height,
  };
}

function toEdges({ x, y, width, height }: Region): number[] {
  return [x, y, x + width, y + height].map((share, i) =>
    Math.round(share * (i % 2 === 0 ? frame.width : frame.height)),
  );
}

interface Case {
  readonly title: string;
  readonly people: Edges | null;
  readonly current?: Edges;
  readonly next: Edges;
}

const whole: Edges = [0, 0, 1000, 500];

// A margin is 0.175 of the larger of a side and of half the other.
const table: readonly Case[] = [
  { title: 'takes all of the frame if there is nobody', people: null, next: whole },
  {
    title: 'leaves a margin around people',
    people: [400, 150, 500, 300],
    next: [382, 123, 518, 327],
  },
  {
    title: 'gives narrow people a margin by half of their height',
    people: [490, 100, 510, 300],
    // 17.5 beside, and then widened to half of 270.
    next: [432, 65, 568, 335],
  },
  {
    title: 'is at least half as high as it is wide',
    people: [300, 240, 700, 250],
    next: [230, 110, 770, 380],
  },
  {
    title: 'stays in the frame',
    people: [700, 100, 1000, 500],
    next: [647, 0, 1000, 500],
  },
  {
    title: 'moves into the frame where it would reach out',
    people: [960, 0, 1000, 400],
    next: [765, 0, 1000, 500],
  },
  {
    title: 'goes to the edge of a frame that is near',
    people: [70, 60, 400, 420],
    next: [0, 0, 458, 500],
  },
  {
    title: 'stays where it is for a step within half of the margin',
    people: [405, 145, 505, 295],
    current: [382, 123, 518, 327],
    next: [382, 123, 518, 327],
  },
  {
    title: 'moves the edges alone that are off by more',
    people: [400, 150, 540, 300],
    current: [382, 123, 518, 327],
    next: [382, 123, 565, 327],
  },
];

describe('followPeople', () => {
  for (const { title, people, current, next } of table) {
    it(title, () => {
      const found = followPeople(
        people && toRegion(people),
        current ? toRegion(current) : wholeFrame,
        frame,
        aspect,
      );
      expect(toEdges(found)).to.deep.equal([...next]);
    });
  }
});
