import { expect } from '@open-wc/testing';

import {
  checkedOptions,
  checkOption,
  pickModel,
  readNumber,
  type CheckedOptions,
} from '../../src/element/options.ts';

interface Case {
  readonly attribute: string;
  readonly good: readonly unknown[];
  readonly bad: readonly unknown[];
  /** What the message says is allowed. */
  readonly allowed: readonly string[];
}

const cases: { readonly [K in keyof CheckedOptions]: Case } = {
  backend: {
    attribute: 'backend',
    good: ['auto', 'webgpu', 'webnn', 'wasm'],
    bad: ['', 'gpu', 'WebGPU', ' wasm', null, undefined],
    allowed: ['"auto"', '"webgpu"', '"webnn"', '"wasm"'],
  },
  powerPreference: {
    attribute: 'power-preference',
    good: ['', 'high-performance', 'low-power'],
    bad: ['default', 'high', null, 1],
    allowed: ['"high-performance"', '"low-power"'],
  },
  effect: {
    attribute: 'effect',
    good: ['none', 'mask', 'cutout', 'blur', 'replace'],
    bad: ['', 'bokeh', 'Blur', null, undefined],
    allowed: ['"none"', '"mask"', '"cutout"', '"blur"', '"replace"'],
  },
  blurRadius: {
    attribute: 'blur-radius',
    good: [0, 0.5, 8, 500],
    bad: [-1, 500.5, NaN, Infinity, -Infinity, '8', '', null, undefined],
    allowed: ['a number from 0 to 500'],
  },
  maskOutput: {
    attribute: 'mask-output',
    good: ['none', 'alpha', 'float', 'bitmap', 'categories', 'contour'],
    bad: ['', 'rgba', 'Alpha', null],
    allowed: ['"none"', '"alpha"', '"float"', '"bitmap"', '"categories"', '"contour"'],
  },
  maskSize: {
    attribute: 'mask-size',
    good: ['source', 'model'],
    bad: ['', 'auto', 256, null],
    allowed: ['"source"', '"model"'],
  },
  smoothing: {
    attribute: 'smoothing',
    good: [0, 0.7, 1],
    bad: [-0.1, 1.1, NaN, 'much'],
    allowed: ['a number from 0 to 1'],
  },
  threshold: {
    attribute: 'threshold',
    good: [0, 0.5, 1],
    bad: [-0.1, 1.1, 50, NaN, '0.5', null],
    allowed: ['a number from 0 to 1'],
  },
  maxFps: {
    attribute: 'max-fps',
    good: [0, 29.97, 30, 1000],
    bad: [-30, 1001, Infinity, NaN, '30', null],
    allowed: ['a number from 0 to 1000'],
  },
  workers: {
    attribute: 'workers',
    good: ['auto', 1, 2, 8],
    bad: [0, 9, 1.5, -1, NaN, '', '2', 'many', null],
    allowed: ['"auto"', ...['1', '2', '3', '4', '5', '6', '7', '8'].map((n) => `"${n}"`)],
  },
  preload: {
    attribute: 'preload',
    good: ['none', 'model'],
    bad: ['', 'auto', 'metadata', true],
    allowed: ['"none"', '"model"'],
  },
  camera: {
    attribute: 'camera',
    good: [null, '', 'user', 'environment'],
    bad: ['front', 'User', true, undefined],
    allowed: ['"user"', '"environment"'],
  },
};

describe('checkOption', () => {
  it('knows every option of the table, and no other', () => {
    expect([...checkedOptions].sort()).to.deep.equal(Object.keys(cases).sort());
  });

  for (const name of Object.keys(cases) as (keyof CheckedOptions)[]) {
    const { attribute, good, bad, allowed } = cases[name];

    for (const value of good) {
      it(`accepts ${name} ${JSON.stringify(value)}`, () => {
        expect(checkOption(name, value)).to.equal(null);
      });
    }

    for (const value of bad) {
      const text = typeof value === 'number' ? String(value) : JSON.stringify(value);

      it(`finds ${name} ${text} invalid`, () => {
        expect(checkOption(name, value)?.code).to.equal('option-invalid');
      });

      it(`names attribute and value of ${name} ${text}`, () => {
        expect(checkOption(name, value)?.message).to.include(`${attribute}="${String(value)}"`);
      });
    }

    it(`says what ${name} takes`, () => {
      const message = checkOption(name, bad[0])?.message ?? '';
      expect(message.endsWith(`It takes ${allowed.join(', ')}.`), message).to.equal(true);
    });
  }
});

describe('pickModel', () => {
  for (const [what, width, height, expected] of [
    ['16:9', 1920, 1080, 'selfie-landscape'],
    ['16:9, small', 256, 144, 'selfie-landscape'],
    ['16:10', 1280, 800, 'selfie-landscape'],
    ['3:2', 1080, 720, 'selfie-landscape'],
    ['21:9', 2560, 1080, 'selfie-landscape'],
    ['a hair wider than 4:3', 641, 480, 'selfie-landscape'],
    ['4:3', 640, 480, 'selfie'],
    ['4:3, large', 1600, 1200, 'selfie'],
    ['4:3, of the test clip', 400, 300, 'selfie'],
    ['a square', 512, 512, 'selfie'],
    ['portrait 3:4', 480, 640, 'selfie'],
    ['portrait 9:16', 1080, 1920, 'selfie'],
    ['a single pixel', 1, 1, 'selfie'],
  ] as const) {
    it(`is ${expected} for ${what}`, () => {
      expect(pickModel(width, height, false)).to.equal(expected);
      expect(pickModel(width, height, true), 'a still').to.equal('selfie');
    });
  }
});

describe('readNumber', () => {
  for (const [name, value, expected] of [
    ['threshold', '0.25', 0.25],
    ['threshold', 'half', 'half'],
    ['threshold', '25', '25'],
    ['blurRadius', '', ''],
    ['blurRadius', ' ', ' '],
    ['workers', '3', 3],
    ['workers', 'auto', 'auto'],
    ['workers', '9', '9'],
    ['workers', null, null],
    ['effect', '1', '1'],
  ] as const) {
    it(`takes ${name} ${JSON.stringify(value)} for ${JSON.stringify(expected)}`, () => {
      expect(readNumber(name, value)).to.equal(expected);
    });
  }
});
