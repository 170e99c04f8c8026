/** Bytes that are no protobuf message, or one with more fields than any has reason to. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** One field of a message. Which kind it is follows from the number, by the message's schema. */
export interface WireField {
  readonly number: number;
  /** Of an integer field, exact up to 2^53; else 0. */
  readonly value: number;
  /** Of a field with a length: text, or a message. A view, nothing is copied. Else empty. */
  readonly bytes: Uint8Array;
}

/** Far more than models have: the largest of them list some thousands of nodes. */
const maxFields = 1_000_000;
const empty = new Uint8Array(0);
const decoder = new TextDecoder();

/**
 * Reads the fields of a protobuf message one after the other (https://protobuf.dev/programming-guides/encoding/). What has a length is
 * stepped over without being looked at, so that a message with gigabytes of weights takes no longer than one without.
 *
 * @throws WireError if the bytes end too early or are none.
 */
export function* readWire(message: Uint8Array): Generator<WireField, void> {
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new WireError('A number is cut off.');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new WireError('A number has more than ten bytes.');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > message.length) throw new WireError('A field is longer than the message.');
    at += length;
    return message.subarray(at - length, at);
  };
  for (let count = 0; at < message.length; count++) {
    if (count === maxFields) throw new WireError(`There are more than ${maxFields} fields.`);
    const tag = readVarint();
    const number = Math.floor(tag / 8);
    if (number === 0) throw new WireError('A field has no number.');
    switch (tag % 8) {
      case 0:
        yield { number, value: readVarint(), bytes: empty };
        break;
      case 1:
        take(8);
        break;
      case 2:
        yield { number, value: 0, bytes: take(readVarint()) };
        break;
      case 5:
        take(4);
        break;
      default:
        throw new WireError(`There is no wire type ${tag % 8}.`);
    }
  }
}

/** @param bytes - UTF-8; what is longer than a name has reason to be is cut. */
export function readText(bytes: Uint8Array, maxBytes = 1024): string {
  return decoder.decode(bytes.subarray(0, maxBytes));
}
