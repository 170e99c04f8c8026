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
  const parsed = parse(command, args, options);
  const [input, ...extra] = parsed.positionals;
  if (input === undefined || extra.length > 0) {
    throw misuse(command, `${command} takes exactly one file, ${wanted}.`);
  }
  return { input, values: parsed.values };
}

function parse<T extends Options>(command: string, args: readonly string[], options: T) {
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
