import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

import { ToolError } from './tool-error.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Reads what follows the name of a command: one file and the options that the command declares.
 *
 * @param wanted - What the file is, for the message: "an .onnx file".
 * @throws ToolError `usage` for anything else; it points to the command's help.
 */
export function parseCommandLine<T extends Options>(
  command: string,
  args: readonly string[],
  wanted: string,
  options: T,
) {
  const parsed = parseArguments(command, args, options);
  const [input, ...extra] = parsed.positionals;
  if (input === undefined || extra.length > 0) {
    throw misuse(command, `${command} takes exactly one file, ${wanted}.`);
  }
  return { input, values: parsed.values };
}

/** As {@link parseCommandLine}, for commands that take other than one file. */
export function parseArguments<T extends Options>(
  command: string,
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw misuse(command, reason.replace(/\.?$/, '.'), cause);
  }
}

/** The error for a command line that does not say what to do. `sentence` says what is wrong with it. */
export function misuse(command: string, sentence: string, cause?: unknown): ToolError {
  return new ToolError(
    'usage',
    `${sentence} See "void-model ${command} --help".`,
    cause === undefined ? undefined : { cause },
  );
}

/** A number of an option. @throws ToolError `usage` for what is not one, or not from `min` to `max`. */
export function parseNumber(
  command: string,
  option: string,
  text: string,
  min: number,
  max: number,
): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw misuse(command, `--${option} takes a number from ${min} to ${max}, not "${text}".`);
}

/** As {@link parseNumber}, for whole numbers from 1. */
export function parseCount(command: string, option: string, text: string, max: number): number {
  const value = parseNumber(command, option, text, 1, max);
  if (Number.isInteger(value)) return value;
  throw misuse(command, `--${option} takes a whole number, not "${text}".`);
}
