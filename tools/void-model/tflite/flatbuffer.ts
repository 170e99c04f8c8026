/**
 * A reader for the FlatBuffers wire format, as much of it as a `.tflite` file needs.
 * Source: https://flatbuffers.dev/internals/
 *
 * A table is addressed by its position; its fields are addressed by slot, the order in which the schema
 * declares them, counting from 0. A field that is not stored has its schema's default. All numbers are
 * little-endian. Reading outside the file throws a RangeError, from DataView.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #position: number;

  private constructor(view: DataView, position: number) {
    this.#view = view;
    this.#position = position;
  }

  /** The root table of a file. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  uint8(slot: number, fallback = 0): number {
    const position = this.#field(slot);
    return position === null ? fallback : this.#view.getUint8(position);
  }

  uint32(slot: number, fallback = 0): number {
    const position = this.#field(slot);
    return position === null ? fallback : this.#view.getUint32(position, true);
  }

  int32(slot: number, fallback = 0): number {
    const position = this.#field(slot);
    return position === null ? fallback : this.#view.getInt32(position, true);
  }

  float32(slot: number, fallback = 0): number {
    const position = this.#field(slot);
    return position === null ? fallback : this.#view.getFloat32(position, true);
  }

  bool(slot: number, fallback = false): boolean {
    return this.uint8(slot, Number(fallback)) !== 0;
  }

  /** UTF-8 text; empty where the field is not stored. */
  text(slot: number): string {
    return new TextDecoder().decode(this.bytes(slot));
  }

  /** A vector of bytes, not copied; empty where the field is not stored. */
  bytes(slot: number): Uint8Array {
    const { start, length } = this.#vector(slot, 1);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length);
  }

  /** A vector of int32; empty where the field is not stored. */
  int32s(slot: number): number[] {
    const { start, length } = this.#vector(slot, 4);
    return Array.from({ length }, (_, index) => this.#view.getInt32(start + 4 * index, true));
  }

  /** A vector of float32; empty where the field is not stored. */
  float32s(slot: number): number[] {
    const { start, length } = this.#vector(slot, 4);
    return Array.from({ length }, (_, index) => this.#view.getFloat32(start + 4 * index, true));
  }

  /** A table inside this one, or null where the field is not stored. */
  table(slot: number): FlatTable | null {
    const position = this.#field(slot);
    return position === null ? null : this.#follow(position);
  }

  /** A vector of tables; empty where the field is not stored. */
  tables(slot: number): FlatTable[] {
    const { start, length } = this.#vector(slot, 4);
    return Array.from({ length }, (_, index) => this.#follow(start + 4 * index));
  }

  /** Where a field is stored, or null. The table starts with the distance back to its vtable of uint16. */
  #field(slot: number): number | null {
    const vtable = this.#position - this.#view.getInt32(this.#position, true);
    const vtableBytes = this.#view.getUint16(vtable, true);
    const entry = 4 + 2 * slot;
    if (entry + 2 > vtableBytes) return null;
    const offset = this.#view.getUint16(vtable + entry, true);
    return offset === 0 ? null : this.#position + offset;
  }

  #vector(slot: number, elementBytes: number): { start: number; length: number } {
    const field = this.#field(slot);
    if (field === null) return { start: 0, length: 0 };
    const position = field + this.#view.getUint32(field, true);
    const length = this.#view.getUint32(position, true);
    const start = position + 4;
    // Checked here and not by each read: a damaged length must not allocate gigabytes first.
    if (start + length * elementBytes > this.#view.byteLength) {
      throw new RangeError(`A vector of ${length} elements reaches past the end of the file`);
    }
    return { start, length };
  }

  #follow(position: number): FlatTable {
    return new FlatTable(this.#view, position + this.#view.getUint32(position, true));
  }
}
