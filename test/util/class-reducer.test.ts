import { expect } from '@open-wc/testing';

import { ClassReducer, type ClassTensor } from '../../src/util/class-reducer.ts';
import { createTensor, layOut } from '../helpers/class-answers.ts';

const { log } = Math;

interface Case {
  readonly title: string;
  readonly kind: ClassTensor['kind'];
  /** Values of one pixel's channels. */
  readonly values: readonly number[];
  /** null: all but the first class. */
  readonly foreground: readonly number[] | null;
  readonly mask: number;
  readonly category: number;
}

const cases: readonly Case[] = [
  {
    title: 'takes a probability for what it is',
    kind: 'probability',
    values: [0.3],
    foreground: null,
    mask: 0.3,
    category: 0,
  },
  {
    title: 'turns a probability round for the background',
    kind: 'probability',
    values: [0.3],
    foreground: [0],
    mask: 0.7,
    category: 0,
  },
  {
    title: 'takes half for the second class',
    kind: 'probability',
    values: [0.5],
    foreground: [1],
    mask: 0.5,
    category: 1,
  },
  {
    title: 'gives all for both of two classes',
    kind: 'probability',
    values: [0.2],
    foreground: [0, 1],
    mask: 1,
    category: 0,
  },
  {
    title: 'makes a probability of one logit',
    kind: 'logits',
    values: [log(3)],
    foreground: null,
    mask: 0.75,
    category: 1,
  },
  {
    title: 'makes probabilities of two logits',
    kind: 'logits',
    values: [log(3), log(1)],
    foreground: null,
    mask: 0.25,
    category: 0,
  },
  {
    title: 'adds up all classes but the background',
    kind: 'logits',
    values: [log(2), log(5), log(3)],
    foreground: null,
    mask: 0.8,
    category: 1,
  },
  {
    title: 'adds up the classes that were chosen',
    kind: 'logits',
    values: [log(2), log(5), log(3)],
    foreground: [0, 2],
    mask: 0.5,
    category: 1,
  },
  {
    title: 'survives large logits',
    kind: 'logits',
    values: [1000, 998, -1000],
    foreground: [0],
    mask: 1 / (1 + Math.exp(-2)),
    category: 0,
  },
  {
    title: 'takes probabilities for what they are',
    kind: 'softmax',
    values: [0.1, 0.3, 0.6],
    foreground: null,
    mask: 0.9,
    category: 2,
  },
  {
    title: 'takes one class alone',
    kind: 'softmax',
    values: [0.1, 0.3, 0.6],
    foreground: [1],
    mask: 0.3,
    category: 2,
  },
  {
    title: 'names the first of classes that are as likely',
    kind: 'softmax',
    values: [0.2, 0.4, 0.4],
    foreground: [2],
    mask: 0.4,
    category: 1,
  },
];

describe('ClassReducer', () => {
  for (const { title, kind, values, foreground, mask, category } of cases) {
    for (const layout of ['nhwc', 'nchw'] as const) {
      it(`${title}, ${layout}`, () => {
        const tensor = createTensor(kind, layout, values.length, [3, 1]);
        // Other pixels stand around it.
        const others = values.map((_, i) => Number(i === 0));
        const answer = layOut(tensor, [others, values, others]);
        const reduced = { mask: new Float32Array(3), categories: new Uint8Array(3).fill(9) };
        new ClassReducer(tensor).reduce(answer, foreground, reduced.mask, reduced.categories);
        expect(reduced.mask[1]).to.be.closeTo(mask, 1e-6);
        expect(reduced.categories[1]).to.equal(category);
      });
    }
  }

  it('reads indices of classes, and takes what is none for the first', () => {
    const tensor = { ...createTensor('categories', 'nchw', 1, [6, 1]), classes: ['a', 'b', 'c'] };
    const reduced = { mask: new Float32Array(6), categories: new Uint8Array(6) };
    const answer = Float32Array.of(0, 1, 2, 3, -1, NaN);
    new ClassReducer(tensor).reduce(answer, [0, 2], reduced.mask, reduced.categories);
    expect([...reduced.mask]).to.deep.equal([1, 0, 1, 1, 1, 1]);
    expect([...reduced.categories]).to.deep.equal([0, 1, 2, 0, 0, 0]);
  });

  it('forgets the choice of the run before', () => {
    const tensor = createTensor('softmax', 'nhwc', 3, [1, 1]);
    const reducer = new ClassReducer(tensor);
    const mask = new Float32Array(1);
    const answer = layOut(tensor, [[0.5, 0.25, 0.25]]);
    const found = [[1], [0, 1], null].map((foreground) => {
      reducer.reduce(answer, foreground, mask, null);
      return mask[0];
    });
    expect(found).to.deep.equal([0.25, 0.75, 0.5]);
  });
});
