import type { Dim } from '../../src/inference/onnx-header.ts';
import {
  codeOf,
  writeOnnx,
  type OnnxConstant,
  type OnnxModel,
  type OnnxNode,
} from '../helpers/onnx.ts';
import { damageFields, damageText } from './damage-json.ts';
import type { Random } from './random.ts';

type Make = (random: Random) => OnnxModel;

const dims = [1, 64, 64, 3];
/** From nothing over what 32 bits hold, with and without a sign, to more than a number is exact for. */
const sizes: readonly Dim[] = [
  0,
  1,
  3,
  64,
  2048,
  2049,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 40,
  2 ** 53,
  2 ** 62,
  2 ** 63,
  'side',
  null,
];
const names = [
  '',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  'ä'.repeat(700),
  'x'.repeat(3000),
];
const facts = {
  input: { range: [0, 1] },
  output: { kind: 'probability', classes: ['background', 'person'] },
};

/** Files that are whole, and say what no model should. */
const makers: Readonly<Record<string, Make>> = {
  'absurd sizes': (random) => {
    const count = random.pick([0, 1, 3, 4, 4, 4, 5, 1000]);
    const input = Array.from({ length: count }, () => random.pick(sizes));
    return {
      ...createGreen(),
      inputs: [{ name: 'image', dims: random.pick([dims, input]) }],
      outputs: [{ name: 'mask', dims: input }],
    };
  },
  'absurd constant': (random) =>
    createGreen([
      floats(
        'steepness',
        [random.pick(sizes), random.pick(sizes)].map((size) => Number(size) || 0),
      ),
    ]),
  'bomb of sizes': (random) => {
    const size = [
      random.pick([2 ** 20, 2 ** 26, 2 ** 31, 2 ** 33, 2 ** 40, 2 ** 62]),
      random.pick([1, 1, 2 ** 20]),
    ];
    const shape = int64s('shape', size);
    const bomb = random.pick<OnnxNode>([
      node('ConstantOfShape', ['shape'], 'huge'),
      node('Expand', ['one', 'shape'], 'huge'),
      node('Tile', ['ones', 'shape'], 'huge'),
      node('Range', ['zero', 'end', 'step'], 'huge'),
    ]);
    const shrink = [
      node('ReduceMax', ['huge'], 'few', { keepdims: 0 }),
      node('Mul', ['mask', 'few'], 'answer'),
    ];
    const constants = [
      shape,
      floats('one', [1]),
      floats('ones', [1, 1]),
      floats('zero', [], 0),
      floats('end', [], size[0]),
      floats('step', [], 1),
    ];
    return extend(createGreen(), [bomb, ...shrink], constants);
  },
  'bomb of the picture': (random) => {
    const scales = [1, random.pick([2 ** 10, 2 ** 16, 2 ** 31]), random.pick([1, 2 ** 16]), 1];
    const constants = [int64s('scales', scales)];
    return extend(createGreen(), [node('Tile', ['mask', 'scales'], 'answer')], constants);
  },
  'circle of nodes': (random) => {
    const length = 1 + random.below(5);
    const circle = Array.from({ length }, (_, i) =>
      node('Add', [`n${i}`, 'mask'], `n${(i + 1) % length}`),
    );
    return extend(createGreen(), [...circle, node('Mul', ['mask', 'n0'], 'answer')]);
  },
  'wrong names': (random) => {
    const { nodes, ...green } = createGreen();
    const wrong = random.pick(['nowhere', 'image', 'mask', ...names]);
    const at = random.below(nodes.length);
    const changed = nodes.map((known, i) =>
      i === at
        ? random.pick([
            { ...known, inputs: [wrong] },
            { ...known, outputs: [wrong] },
            { ...known, operator: wrong },
          ])
        : known,
    );
    return { ...green, nodes: changed };
  },
  'odd names': (random) => {
    const [input, output] = [random.pick(names), random.pick(names)];
    const { nodes, constants } = createGreen();
    const rename = (name: string): string =>
      name === 'image' ? input : name === 'mask' ? output : name;
    return {
      inputs: [{ name: input, dims }],
      outputs: [{ name: output, dims: [1, 64, 64, 1] }],
      nodes: nodes.map((known) => ({
        ...known,
        inputs: known.inputs.map(rename),
        outputs: known.outputs.map(rename),
      })),
      constants,
    };
  },
  'wrong types': (random) => {
    const types = ['float64', 'int64', 'int32', 'uint8', 'float16'] as const;
    const [input, output] = [random.pick(types), random.pick(types)];
    return random.pick([
      { ...createGreen(), inputs: [{ name: 'image', type: input, dims }] },
      { ...createGreen(), outputs: [{ name: 'mask', type: output, dims: [1, 64, 64, 1] }] },
      extend(createGreen(), [
        node('Cast', ['mask'], 'answer', { to: random.pick([codeOf(input), 0, 99, 2 ** 40]) }),
      ]),
    ]);
  },
  'wrong arguments': (random) => {
    const number = (): number => random.pick([0, 1, 3, 4, 2 ** 31, 2 ** 62]);
    const nodes = random.pick<OnnxNode[]>([
      [node('Transpose', ['mask'], 'answer', { perm: [number(), number(), number(), number()] })],
      [node('Softmax', ['mask'], 'answer', { axis: number() })],
      [node('Reshape', ['mask', 'shape'], 'answer')],
      [node('Concat', ['mask', 'mask'], 'answer', { axis: number() })],
      [node('Gather', ['mask', 'shape'], 'answer', { axis: number() })],
      [
        node('MaxPool', ['mask'], 'answer', {
          kernel_shape: [number(), number()],
          strides: [number(), number()],
        }),
      ],
      [
        node('Conv', ['mask', 'ones'], 'answer', {
          group: number(),
          pads: [number(), number(), number(), number()],
        }),
      ],
    ]);
    return extend(createGreen(), nodes, [
      int64s('shape', [number(), number(), number(), number()]),
      floats('ones', [1, 1, 1, 1]),
    ]);
  },
  'weights elsewhere': (random) => {
    const count = random.pick([1, 1, 1, 17, 100]);
    const location = random.pick([
      '',
      '.',
      '../secret',
      '/etc/passwd',
      'https://example.invalid/w',
      'http://[',
      'a'.repeat(2000),
      'missing.data',
      '%2e%2e/x',
      '\u0000',
    ]);
    const constants = Array.from({ length: count }, (_, i): OnnxConstant => ({
      ...floats(`w${i}`, [1]),
      external: {
        location: count > 1 ? `${location}${i}` : location,
        offset: random.pick([0, -1, 2 ** 40, NaN, Infinity]),
      },
    }));
    const nodes = constants.map(({ name }, i) =>
      node('Add', [i ? `s${i - 1}` : 'mask', name], i === count - 1 ? 'answer' : `s${i}`),
    );
    return extend(createGreen(), nodes, constants);
  },
  'facts in the file': (random) => {
    const text = random.pick([
      (): string => damageText(JSON.stringify(facts), random),
      (): string => `{"input": {"name": ${'['.repeat(20_000)}${']'.repeat(20_000)}}}`,
      (): string => JSON.stringify(damageFields(facts, random, true)),
    ])();
    return { ...createGreen(), metadata: { 'void-segmenter': text } };
  },
  'deep graph': (random) => {
    const length = random.pick([100, 400]);
    const chain = Array.from({ length }, (_, i) =>
      node('Neg', [i ? `n${i - 1}` : 'mask'], i === length - 1 ? 'answer' : `n${i}`),
    );
    return extend(createGreen(), chain);
  },
  'graphs in graphs': (random) => {
    const branch = (depth: number): OnnxNode => {
      const inner = depth ? branch(depth - 1) : node('Identity', ['mask'], 'inner0');
      const graph = {
        inputs: [],
        outputs: [{ name: `inner${depth}`, dims: [1, 64, 64, 1] }],
        nodes: [inner],
        constants: [],
      };
      return node('If', ['yes'], depth === deepest ? 'answer' : `inner${depth + 1}`, {
        then_branch: graph,
        else_branch: graph,
      });
    };
    const deepest = random.pick([1, 3, 5]);
    return extend(
      createGreen(),
      [node('Cast', ['one'], 'yes', { to: 9 }), branch(deepest)],
      [floats('one', [])],
    );
  },
  'nothing there': (random) => {
    const green = createGreen();
    return random.pick([
      { ...green, nodes: [] },
      { ...green, inputs: [] },
      { ...green, outputs: [] },
      { ...green, constants: [] },
      { ...green, inputs: [...green.inputs, ...green.inputs] },
      { ...green, outputs: [...green.outputs, ...green.outputs] },
    ]);
  },
};

/** A model that says what it should not, and what that is. */
export function createAbsurdModel(random: Random): {
  kind: string;
  bytes: Uint8Array<ArrayBuffer>;
} {
  const kind = random.pick(Object.keys(makers));
  return { kind, bytes: writeOnnx((makers[kind] as Make)(random)) };
}

/** The model without an end: as many rounds as 62 bits count. */
export function createEndlessModel(): Uint8Array<ArrayBuffer> {
  const body = {
    inputs: [
      { name: 'round', type: 'int64' as const, dims: [] },
      { name: 'goes on', type: 'bool' as const, dims: [] },
      { name: 'before', dims: [1, 64, 64, 1] },
    ],
    outputs: [
      { name: 'goes on still', type: 'bool' as const, dims: [] },
      { name: 'after', dims: [1, 64, 64, 1] },
    ],
    nodes: [node('Identity', ['goes on'], 'goes on still'), node('Neg', ['before'], 'after')],
    constants: [],
  };
  const rounds: OnnxConstant = { name: 'rounds', dims: [], data: BigInt64Array.of(2n ** 62n) };
  return writeOnnx(
    extend(createGreen(), [node('Loop', ['rounds', '', 'mask'], 'answer', { body })], [rounds]),
  );
}

/** A model whose mask is what is green. */
export function createGreen(constants: readonly OnnxConstant[] = []): OnnxModel {
  const own = [
    int64s('first', [1]),
    int64s('end of green', [2]),
    int64s('axis', [3]),
    floats('middle', [1], 0.5),
    floats('steepness', [1], 20),
  ];
  return {
    inputs: [{ name: 'image', dims }],
    outputs: [{ name: 'mask', dims: [1, 64, 64, 1] }],
    nodes: [
      node('Slice', ['image', 'first', 'end of green', 'axis'], 'green'),
      node('Sub', ['green', 'middle'], 'difference'),
      node('Mul', ['difference', 'steepness'], 'logit'),
      node('Sigmoid', ['logit'], 'mask'),
    ],
    constants: [
      ...own.filter(({ name }) => !constants.some((other) => other.name === name)),
      ...constants,
    ],
  };
}

/** Goes on from the mask to another output, `answer`. */
function extend(
  model: OnnxModel,
  nodes: readonly OnnxNode[],
  constants: readonly OnnxConstant[] = [],
): OnnxModel {
  return {
    ...model,
    outputs: [{ name: 'answer', dims: [1, 64, 64, 1] }],
    nodes: [...model.nodes, ...nodes],
    constants: [...model.constants, ...constants],
  };
}

function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode {
  return { operator, inputs, outputs: [output], attributes };
}

/** One number, whatever the dimensions say. */
function floats(name: string, of: readonly number[], value = 1): OnnxConstant {
  return { name, dims: of, data: Float32Array.of(value) };
}

function int64s(name: string, values: readonly number[]): OnnxConstant {
  return { name, dims: [values.length], data: BigInt64Array.from(values, BigInt) };
}
