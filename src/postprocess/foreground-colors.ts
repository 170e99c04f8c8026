import { averageBoxes, countInside, sumBoxes } from './box-sum.ts';
import type { GuidedFilter } from './guided-filter.ts';

/** Share of the person, and of the room, that every cell has at least: somewhere each must have a colour. */
export const leastShare = 0.01;

/**
 * Finds the mean colours of the person and of the room around each cell of a guided filter, by which the mixture in an edge's
 * pixels is undone; see `foregroundAt` in alpha-at.wgsl.
 *
 * Source: M. Forte, "Approximate Fast Foreground Colour Estimation", ICIP 2021, whose blur is the window of the fit here.
 */
export class ForegroundColors {
  readonly #filter: GuidedFilter;
  /** Of the person, red, green and blue, and the share by which they were multiplied. */
  readonly #person: readonly [Float32Array, Float32Array, Float32Array, Float32Array];
  /** Of all, red, green and blue; of the room in the end. */
  readonly #room: readonly [Float32Array, Float32Array, Float32Array];
  readonly #scratch: Float32Array;

  constructor(filter: GuidedFilter) {
    this.#filter = filter;
    const createPlane = (): Float32Array => new Float32Array(filter.gridWidth * filter.gridHeight);
    this.#person = [createPlane(), createPlane(), createPlane(), createPlane()];
    this.#room = [createPlane(), createPlane(), createPlane()];
    this.#scratch = createPlane();
  }

  /** Adds them to the filter's coefficients, of its last fit: red, green and blue, 0..1, of the person, then of the room. */
  find(): void {
    const { gridWidth, gridHeight, detail } = this.#filter;
    this.#gather();
    for (const plane of [...this.#person, ...this.#room]) {
      sumBoxes(plane, gridWidth, gridHeight, detail.fitRadius, this.#scratch);
    }
    this.#divide();
    this.#store(this.#person, 1);
    this.#store(this.#room, 2);
  }

  #gather(): void {
    const { cells } = this.#filter;
    const [, , , share] = this.#person;
    for (let i = 0; i < share.length; i++) {
      const part = (cells[4 * i + 3] as number) + leastShare;
      share[i] = part;
      for (let channel = 0; channel < 3; channel++) {
        const color = cells[4 * i + channel] as number;
        (this.#person[channel] as Float32Array)[i] = part * color;
        (this.#room[channel] as Float32Array)[i] = color;
      }
    }
  }

  /** Sums become means. What is not the person's is the room's, whose share is at least that much as well. */
  #divide(): void {
    const { gridWidth, gridHeight, detail } = this.#filter;
    const whole = 1 + 2 * leastShare;
    const [, , , share] = this.#person;
    for (let y = 0, i = 0; y < gridHeight; y++) {
      const rows = countInside(y, gridHeight, detail.fitRadius);
      for (let x = 0; x < gridWidth; x++, i++) {
        const person = share[i] as number;
        const room = whole * rows * countInside(x, gridWidth, detail.fitRadius) - person;
        for (let channel = 0; channel < 3; channel++) {
          const persons = this.#person[channel] as Float32Array;
          const rooms = this.#room[channel] as Float32Array;
          rooms[i] = (whole * (rooms[i] as number) - (persons[i] as number)) / room;
          persons[i] = (persons[i] as number) / person;
        }
      }
    }
  }

  #store(planes: readonly Float32Array[], layer: number): void {
    const { gridWidth, gridHeight, detail, coefficients } = this.#filter;
    const first = 4 * layer * gridWidth * gridHeight;
    for (let channel = 0; channel < 3; channel++) {
      const plane = planes[channel] as Float32Array;
      averageBoxes(plane, gridWidth, gridHeight, detail.meanRadius, this.#scratch);
      for (let i = 0; i < plane.length; i++) {
        coefficients[first + 4 * i + channel] = plane[i] as number;
      }
    }
  }
}
