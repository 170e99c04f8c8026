import { ToolError } from '../tool-error.ts';

/**
 * An int64 of a file as a number. The largest, 2^63 - 1, which means "to the end", becomes 2^63.
 *
 * @param value - A number, or a `Long` of protobuf.
 * @throws ToolError `unsupported-model` for another that no number is.
 */
export function toSafeInteger(value: unknown): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) || Math.abs(number) === 2 ** 63) return number;
  throw new ToolError(
    'unsupported-model',
    `The model has the integer ${String(value)}, which is too large to be kept exactly.`,
  );
}
