/** Numbers of the fields of `ModelProto` that the reader understands, by onnx.proto. */
const readFields: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 14]);

/**
 * Copies the fields of a `ModelProto` that the reader does not understand, encoded, so that they can be appended to
 * what the writer makes: functions, training, and what later versions of the schema add.
 *
 * @param bytes - A file that was decoded without error.
 */
export function copyUnreadFields(bytes: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [];
  let position = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[position++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (position < bytes.length) {
    const start = position;
    const tag = readVarint();
    const wireType = tag & 7;
    if (wireType === 0) readVarint();
    else if (wireType === 1) position += 8;
    else if (wireType === 5) position += 4;
    else {
      const length = readVarint();
      position += length;
    }
    if (!readFields.has(Math.floor(tag / 8))) kept.push(bytes.subarray(start, position));
  }
  return new Uint8Array(Buffer.concat(kept));
}
