import { expect } from '@open-wc/testing';

import { coversSelection, selectClasses } from '../../src/postprocess/select-classes.ts';
import { createModel } from '../helpers/models.ts';
import { codeOf, messageOf } from '../helpers/promises.ts';

const three = createModel({ channels: 3, kind: 'logits', classes: ['background', 'leaf', 'sky'] });
const two = createModel();

function select(wanted: readonly string[], { output } = three) {
  return selectClasses(wanted, null, output).foreground;
}

function failure(wanted: readonly string[], { output } = three): Promise<unknown> {
  return Promise.resolve().then(() => selectClasses(wanted, null, output));
}

describe('selectClasses', () => {
  for (const [wanted, foreground] of [
    [[], [1, 2]],
    [['sky'], [2]],
    [['1'], [1]],
    [
      ['sky', 'background'],
      [0, 2],
    ],
    [['leaf', '1', 'leaf'], [1]],
    [
      ['0', '1', '2'],
      [0, 1, 2],
    ],
  ] as const) {
    it(`finds ${wanted.join(' ') || 'all but the background'}`, () => {
      expect(select(wanted)).to.deep.equal(foreground);
    });
  }

  it('takes a name for a name, even if it is a number', () => {
    const model = createModel({ channels: 3, kind: 'softmax', classes: ['0', '2', '1'] });
    expect(select(['1'], model)).to.deep.equal([2]);
  });

  for (const bad of ['Sky', '3', '-1', '1.5', 'NaN', '0x1', '']) {
    it(`refuses "${bad}"`, async () => {
      expect(await codeOf(failure([bad]))).to.equal('option-invalid');
    });
  }

  it('says what was asked for and lists the classes', async () => {
    expect(await messageOf(failure(['sky', 'sea']))).to.equal(
      'classes="sky sea": the model has no class "sea". Its classes are "background" (0), "leaf" (1), "sky" (2).',
    );
  });

  it('keeps categories only for a mask of them', () => {
    for (const format of [null, 'alpha', 'float', 'bitmap'] as const) {
      expect(selectClasses([], format, three.output).hasCategories).to.equal(false);
    }
    expect(selectClasses([], 'categories', three.output).hasCategories).to.equal(true);
  });

  it('keeps them for two classes only where the mask is not that of the second one', () => {
    expect(selectClasses([], 'categories', two.output).hasCategories).to.equal(false);
    expect(selectClasses(['person'], 'categories', two.output).hasCategories).to.equal(false);
    expect(selectClasses(['background'], 'categories', two.output).hasCategories).to.equal(true);
  });
});

describe('coversSelection', () => {
  const plain = { foreground: [1], hasCategories: false };
  const full = { foreground: [1], hasCategories: true };

  it('wants the same classes, and categories where they are asked for', () => {
    expect(coversSelection(plain, plain)).to.equal(true);
    expect(coversSelection(full, plain)).to.equal(true);
    expect(coversSelection(plain, full)).to.equal(false);
    expect(coversSelection({ ...full, foreground: [1, 2] }, plain)).to.equal(false);
  });
});
