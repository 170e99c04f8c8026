import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import type { OnnxType } from '../../tools/void-model/onnx/element-type.ts';
import { float, int, ints, string } from '../../tools/void-model/onnx/graph.ts';
import type { OnnxData, OnnxGraph, OnnxNode } from '../../tools/void-model/onnx/graph.ts';
import { loadOnnx } from '../../tools/void-model/onnx/load.ts';
import { createModel } from '../../tools/void-model/onnx/model.ts';
import type { OnnxModel } from '../../tools/void-model/onnx/model.ts';
import { onnx } from '../../tools/void-model/onnx/proto.ts';
import type { Proto } from '../../tools/void-model/onnx/proto.ts';
import { readOnnx } from '../../tools/void-model/onnx/reader.ts';
import { writeModel, writeOnnx } from '../../tools/void-model/onnx/writer.ts';
import { ToolError } from '../../tools/void-model/tool-error.ts';
import type { ToolErrorCode } from '../../tools/void-model/tool-error.ts';

const selfie = await readFile(new URL('../../models/selfie.onnx', import.meta.url));

function isToolError(code: ToolErrorCode, words: RegExp) {
  return (error: unknown) =>
    error instanceof ToolError && error.code === code && words.test(error.message);
}

function node(opType: string, inputs: readonly string[], outputs: readonly string[]): OnnxNode {
  return { name: outputs[0] ?? '', opType, inputs, outputs, attributes: {} };
}

/** `x` → … → `y`, both `[1]`. */
function createGraph(nodes: readonly OnnxNode[]): OnnxGraph {
  return {
    name: 'test',
    inputs: [{ name: 'x', type: 'float32', dims: [1] }],
    outputs: [{ name: 'y', type: 'float32', dims: [1] }],
    tensors: [],
    nodes,
  };
}

/** A file with one constant, `c`, as the schema's fields say. */
function encodeConstant(constant: Proto.ITensorProto): Uint8Array {
  return onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: { name: 'test', initializer: [{ name: 'c', ...constant }] },
  }).finish();
}

/** Two numbers of each type. */
const contents: readonly (readonly [OnnxType, OnnxData])[] = [
  ['float32', Float32Array.of(0.1, -Infinity)],
  ['uint8', Uint8Array.of(1, 255)],
  ['int8', Int8Array.of(-128, 127)],
  ['uint16', Uint16Array.of(1, 65535)],
  ['int16', Int16Array.of(-32768, 1)],
  ['int32', Int32Array.of(-(2 ** 31), 1)],
  ['int64', BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)],
  ['string', [new TextEncoder().encode('sky'), Uint8Array.of(0xff)]],
  ['bool', Uint8Array.of(0, 1)],
  ['float16', Uint16Array.of(0x3c00, 0x7e00)],
  ['float64', Float64Array.of(0.1, 1e300)],
  ['uint32', Uint32Array.of(1, 2 ** 32 - 1)],
  ['uint64', BigUint64Array.of(1n, 2n ** 64n - 1n)],
  ['complex64', Float32Array.of(1, 2, 3, 4)],
  ['bfloat16', Uint16Array.of(0x3f80, 1)],
  ['float8e4m3fn', Uint8Array.of(1, 2)],
  ['int4', Uint8Array.of(0x21)],
];

describe('readOnnx', () => {
  it('gives back every byte of a model that this tool wrote', () => {
    assert.ok(selfie.equals(writeModel(readOnnx(selfie))));
  });

  it('keeps constants of every type', () => {
    const tensors = contents.map(([type, data]) => ({ name: type, type, dims: [2], data }));
    const graph = { ...createGraph([node('Identity', ['x'], ['y'])]), tensors };
    assert.deepEqual(readOnnx(writeOnnx(graph)).graph, graph);
  });

  it('keeps attributes of every kind', () => {
    const body = { ...createGraph([node('Abs', ['outside'], ['y'])]), inputs: [] };
    const attributes: OnnxNode['attributes'] = {
      count: int(-3),
      end: ints(0, 2 ** 63),
      ratio: float(0.5),
      mode: string('línear'),
      value: {
        kind: 'tensor',
        value: { name: '', type: 'bool', dims: [], data: Uint8Array.of(1) },
      },
      then: { kind: 'graph', value: body },
      floats: { kind: 'floats', value: [0.25, 4] },
      strings: { kind: 'strings', value: ['a', ''] },
    };
    const graph = createGraph([
      node('Neg', ['x'], ['outside']),
      { ...node('Own', ['', 'x'], ['', 'y']), domain: 'com.example', attributes, doc: 'why' },
    ]);
    assert.deepEqual(readOnnx(writeOnnx(graph)).graph, graph);
  });

  it('keeps what is said of the model and of values', () => {
    const model: OnnxModel = {
      ...createModel({
        ...createGraph([node('Neg', ['x'], ['z']), node('Neg', ['z'], ['y'])]),
        inputs: [{ name: 'x', type: 'uint8', dims: ['batch', null, 3] }],
        outputs: [{ name: 'y', type: 'uint8', dims: null }],
        values: [{ name: 'z', type: 'uint8', dims: [], doc: 'inside' }],
        doc: 'graph',
      }),
      opsets: [
        { domain: '', version: 12 },
        { domain: 'com.microsoft', version: 1 },
      ],
      irVersion: 7,
      producer: { name: 'pytorch', version: '2.4' },
      domain: 'org.example',
      version: 3,
      doc: 'model',
      metadata: { mean: '[0.5]', '': 'odd' },
    };
    assert.deepEqual(readOnnx(writeModel(model)), model);
  });

  it('keeps functions, which it does not read, byte for byte', () => {
    const functions = [{ name: 'twice', domain: 'local', input: ['a'], output: ['b'] }];
    const own = onnx.ModelProto.encode({ functions }).finish();
    const written = writeModel(readOnnx(Buffer.concat([selfie, own])));
    assert.deepEqual(onnx.ModelProto.decode(written).functions[0]?.name, 'twice');
    assert.equal(written.byteLength, selfie.byteLength + own.byteLength);
  });

  it('reads constants that are stored as numbers', () => {
    const { FLOAT, INT64, FLOAT16, UINT32 } = onnx.TensorProto.DataType;
    const largest = { low: -1, high: 0x7fffffff, unsigned: false };
    const forms: readonly (readonly [Proto.ITensorProto, OnnxData])[] = [
      [{ dims: [2], dataType: FLOAT, floatData: [0.5, 2] }, Float32Array.of(0.5, 2)],
      [{ dims: [1], dataType: INT64, int64Data: [-1] }, BigInt64Array.of(-1n)],
      [{ dims: [1], dataType: INT64, int64Data: [largest] }, BigInt64Array.of(2n ** 63n - 1n)],
      [{ dims: [1], dataType: FLOAT16, int32Data: [0x3c00] }, Uint16Array.of(0x3c00)],
      [{ dims: [1], dataType: UINT32, uint64Data: [7] }, Uint32Array.of(7)],
      [{ dims: [0], dataType: FLOAT }, Float32Array.of()],
    ];
    for (const [constant, data] of forms) {
      assert.deepEqual(readOnnx(encodeConstant(constant)).graph.tensors[0]?.data, data);
    }
  });

  it('puts nodes in order that a file has in disorder', () => {
    const nodes = [node('Neg', ['b'], ['y']), node('Abs', ['x'], ['a']), node('Exp', ['a'], ['b'])];
    const { graph } = readOnnx(writeOnnx(createGraph(nodes)));
    assert.deepEqual(
      graph.nodes.map(({ opType }) => opType),
      ['Abs', 'Exp', 'Neg'],
    );
  });

  const broken: readonly (readonly [string, readonly OnnxNode[], RegExp])[] = [
    ['a circle', [node('Add', ['x', 'y'], ['z']), node('Neg', ['z'], ['y'])], /in a circle/],
    ['a missing value', [node('Add', ['x', 'w'], ['y'])], /nothing in it gives "w"/],
    ['a missing output', [node('Neg', ['x'], ['z'])], /nothing in it gives "y"/],
    [
      'a name given twice',
      [node('Neg', ['x'], ['y']), node('Abs', ['x'], ['y'])],
      /"y" is given twice/,
    ],
  ];
  for (const [what, nodes, words] of broken) {
    it(`refuses ${what}`, () => {
      assert.throws(() => readOnnx(writeOnnx(createGraph(nodes))), isToolError('not-onnx', words));
    });
  }

  it('refuses constants that their dimensions do not explain', () => {
    const { FLOAT } = onnx.TensorProto.DataType;
    const wrong = encodeConstant({ dims: [3], dataType: FLOAT, rawData: new Uint8Array(8) });
    assert.throws(
      () => readOnnx(wrong),
      isToolError('not-onnx', /should have 3 numbers, but has 2/),
    );
    const negative = encodeConstant({ dims: [-1], dataType: FLOAT, rawData: new Uint8Array(8) });
    assert.throws(() => readOnnx(negative), isToolError('not-onnx', /dimensions \[-1\]/));
    const unknown = encodeConstant({ dims: [1], dataType: 99, rawData: new Uint8Array(8) });
    assert.throws(() => readOnnx(unknown), isToolError('unsupported-model', /unknown type 99/));
  });

  it('refuses a model that is cut short, wherever', () => {
    for (let length = 0; length < selfie.length; length += 997) {
      const cut = selfie.subarray(0, length);
      assert.throws(() => readOnnx(cut), isToolError('not-onnx', /damaged|not an ONNX model/));
    }
  });

  it('throws nothing but ToolError for wrong bytes', () => {
    const small = writeOnnx(createGraph([node('Neg', ['x'], ['z']), node('Neg', ['z'], ['y'])]));
    for (let position = 0; position < small.length; position++) {
      for (const bits of [0x01, 0x80, 0xff]) {
        const wrong = Uint8Array.from(small);
        wrong[position] = (wrong[position] ?? 0) ^ bits;
        try {
          readOnnx(wrong);
        } catch (error) {
          assert.ok(error instanceof ToolError, `byte ${position} ^ ${bits}: ${String(error)}`);
        }
      }
    }
  });

  const foreign: readonly (readonly [string, RegExp])[] = [
    ['', /Name an \.onnx file/],
    ['<!doctype html><title>Not found</title>', /a web page/],
    ['\x1c\0\0\0TFL3\0\0\0\0\0\0\0\0\0\0\0\0', /"void-model convert"/],
    ['PK\x03\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0', /torch\.onnx\.export/],
    ['version https://git-lfs.github.com/spec/v1\n', /git lfs pull/],
  ];
  for (const [text, words] of foreign) {
    it(`says what to do about ${JSON.stringify(text.slice(0, 12))}`, () => {
      const bytes = Buffer.from(text, 'latin1');
      assert.throws(() => readOnnx(bytes), isToolError('not-onnx', words));
    });
  }
});

describe('loadOnnx', () => {
  async function withModel(
    entries: Readonly<Record<string, string>>,
    work: (path: string) => Promise<void>,
  ): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'void-model-'));
    const { FLOAT } = onnx.TensorProto.DataType;
    const dataLocation = onnx.TensorProto.DataLocation.EXTERNAL;
    const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }));
    const bytes = encodeConstant({ dims: [2], dataType: FLOAT, dataLocation, externalData });
    try {
      await mkdir(join(folder, 'weights'));
      await writeFile(join(folder, 'weights/all.bin'), Float32Array.of(9, 1, 2, 9));
      await writeFile(join(folder, 'model.onnx'), bytes);
      await work(join(folder, 'model.onnx'));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it('takes weights from a file beside the model', async () => {
    await withModel({ location: 'weights/all.bin', offset: '4', length: '8' }, async (path) => {
      const model = await loadOnnx(path);
      assert.deepEqual(model.graph.tensors[0]?.data, Float32Array.of(1, 2));
      assert.deepEqual(readOnnx(writeModel(model)), model);
    });
  });

  const refused: readonly (readonly [Readonly<Record<string, string>>, ToolErrorCode, RegExp])[] = [
    [{ location: 'lost.bin' }, 'file', /weights in "lost\.bin", which cannot be read/],
    [{ location: '../all.bin' }, 'file', /only files in its own folder/],
    [{ location: '/etc/hostname' }, 'file', /only files in its own folder/],
    [{ location: 'weights/all.bin', offset: '12', length: '8' }, 'not-onnx', /has 16 bytes/],
    [{ location: 'weights/all.bin', offset: '-4', length: '8' }, 'not-onnx', /has 16 bytes/],
  ];
  for (const [entries, code, words] of refused) {
    it(`refuses ${JSON.stringify(entries)}`, async () => {
      await withModel(entries, async (path) => {
        await assert.rejects(loadOnnx(path), isToolError(code, words));
      });
    });
  }

  it('says which file is missing', async () => {
    await assert.rejects(
      loadOnnx('no/model.onnx'),
      isToolError('file', /Cannot read "no\/model\.onnx"/),
    );
  });
});
