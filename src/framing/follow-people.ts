import { wholeFrame, type Region } from '../util/region.ts';

/** Room around people, as a share of their larger side, of which the smaller counts twice. */
export const margin = 0.175;
/** Edges that come as near to the frame's, as a share of its side, lie on it. */
export const snapShare = 0.05;
/** Edges stay where they are while they are off by no more than this share of the margin. */
export const slackShare = 0.5;
/** By how much people may be stretched along one side for the model: more, and it would see them out of shape. */
export const mostStretch = 2;
/** Fewer pixels of a model's answer, as a share of all, are nobody. */
export const leastPeople = 0.002;
/** Probability from which on a pixel shows people. */
export const leastProbability = 0.5;

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Where to look for people next: around those who were found last, so that they have all of a model's pixels.
 *
 * @param people - Around them, as shares of the frame; null: nobody was found.
 * @param current - Where was looked last.
 * @param frame - In pixels. Edges lie between whole ones.
 * @param aspect - Width to height of what the model sees.
 */
export function followPeople(
  people: Region | null,
  current: Region,
  frame: Size,
  aspect: number,
): Region {
  if (!people) return wholeFrame;
  const width = people.width * frame.width;
  const height = people.height * frame.height;
  const marginX = margin * Math.max(width, height / 2);
  const marginY = margin * Math.max(height, width / 2);
  const columns = Edges.around(people.x * frame.width, width, marginX, frame.width);
  const rows = Edges.around(people.y * frame.height, height, marginY, frame.height);
  columns.widen((rows.length * aspect) / mostStretch);
  rows.widen(columns.length / aspect / mostStretch);
  columns.settle(current.x * frame.width, current.width * frame.width, slackShare * marginX);
  rows.settle(current.y * frame.height, current.height * frame.height, slackShare * marginY);
  return {
    x: columns.low / frame.width,
    y: rows.low / frame.height,
    width: columns.length / frame.width,
    height: rows.length / frame.height,
  };
}

/** Two opposite edges within a frame, in pixels. */
class Edges {
  private constructor(
    public low: number,
    public high: number,
    private readonly limit: number,
  ) {}

  static around(start: number, length: number, room: number, limit: number): Edges {
    return new Edges(Math.max(start - room, 0), Math.min(start + length + room, limit), limit);
  }

  get length(): number {
    return this.high - this.low;
  }

  /** Makes it no shorter than this, as far as the frame goes. */
  widen(length: number): void {
    const wanted = Math.min(length, this.limit);
    const missing = wanted - this.length;
    if (missing <= 0) return;
    this.low = Math.min(Math.max(this.low - missing / 2, 0), this.limit - wanted);
    this.high = this.low + wanted;
  }

  /** Takes the frame's edges where they are near, the current ones where they will do, and whole pixels. */
  settle(currentLow: number, currentLength: number, slack: number): void {
    const currentHigh = currentLow + currentLength;
    if (this.low < snapShare * this.limit) this.low = 0;
    if (this.high > (1 - snapShare) * this.limit) this.high = this.limit;
    if (Math.abs(this.low - currentLow) <= slack) this.low = currentLow;
    if (Math.abs(this.high - currentHigh) <= slack) this.high = currentHigh;
    this.low = Math.floor(this.low + rounding);
    this.high = Math.min(Math.ceil(this.high - rounding), this.limit);
  }
}

/** What floats lose of a whole number of pixels. */
const rounding = 0.01;

/** Width to height. */
export function aspectOf({ width, height }: Size): number {
  return width / height;
}
