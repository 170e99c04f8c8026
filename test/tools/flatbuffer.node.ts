import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FlatTable } from '../../tools/void-model/tflite/flatbuffer.ts';

/**
 * A file with one table of seven slots, written by hand: 0 uint8 200, 1 int32 -5, 2 not stored, 3 int32s [7, -8],
 * 4 text "ok", 5 tables (one, of no slots), 6 a table (the same one).
 */
function createFile(): Uint8Array {
  const bytes = new Uint8Array(88);
  const view = new DataView(bytes.buffer);
  const uint16 = (position: number, value: number) => view.setUint16(position, value, true);
  const int32 = (position: number, value: number) => view.setInt32(position, value, true);
  int32(0, 24); // root table
  uint16(4, 18); // vtable: its size, the table's size, an offset for each slot
  uint16(6, 28);
  for (const [slot, offset] of [4, 8, 0, 12, 16, 20, 24].entries()) uint16(8 + 2 * slot, offset);
  int32(24, 24 - 4); // table: back to the vtable
  view.setUint8(28, 200);
  int32(32, -5);
  int32(36, 52 - 36);
  int32(40, 64 - 40);
  int32(44, 72 - 44);
  int32(48, 84 - 48);
  int32(52, 2); // vector of int32
  int32(56, 7);
  int32(60, -8);
  int32(64, 2); // text
  bytes.set([0x6f, 0x6b], 68);
  int32(72, 1); // vector of tables
  int32(76, 84 - 76);
  uint16(80, 4); // vtable of no slots
  uint16(82, 4);
  int32(84, 84 - 80);
  return bytes;
}

describe('FlatTable', () => {
  const table = FlatTable.root(createFile());

  it('reads scalars', () => {
    assert.equal(table.uint8(0), 200);
    assert.equal(table.bool(0), true);
    assert.equal(table.int32(1), -5);
    assert.equal(table.uint32(1), 2 ** 32 - 5);
  });

  it('gives the default for a slot that is not stored or beyond the vtable', () => {
    assert.equal(table.int32(2), 0);
    assert.equal(table.int32(2, 3), 3);
    assert.equal(table.bool(9, true), true);
    assert.equal(table.text(2), '');
    assert.deepEqual(table.int32s(2), []);
    assert.deepEqual(table.tables(9), []);
    assert.equal(table.table(2), null);
  });

  it('reads vectors, text and tables', () => {
    assert.deepEqual(table.int32s(3), [7, -8]);
    assert.equal(table.text(4), 'ok');
    assert.equal(table.tables(5).length, 1);
    assert.equal(table.table(6)?.int32(0, 11), 11);
  });

  it('reads a file that does not start at the start of its buffer', () => {
    const padded = new Uint8Array(100);
    padded.set(createFile(), 5);
    assert.equal(FlatTable.root(padded.subarray(5, 93)).text(4), 'ok');
  });

  it('throws a RangeError for a vector longer than the file', () => {
    const bytes = createFile();
    new DataView(bytes.buffer).setUint32(52, 0xffffffff, true);
    assert.throws(() => FlatTable.root(bytes).int32s(3), RangeError);
  });

  it('throws a RangeError for a table outside the file', () => {
    const bytes = createFile();
    new DataView(bytes.buffer).setUint32(0, 4000, true);
    assert.throws(() => FlatTable.root(bytes).int32(0), RangeError);
  });
});
