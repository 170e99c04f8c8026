#!/usr/bin/env node
/** `void-model`: prepares models for `<void-segmenter>`. Exit status 0: done, 1: failed, 2: wrong usage. */
import type { Command } from './command.ts';
import { convertCommand } from './commands/convert.ts';
import { inspectCommand } from './commands/inspect.ts';
import { manifestCommand } from './commands/manifest.ts';
import { optimizeCommand } from './commands/optimize.ts';
import { pruneCommand } from './commands/prune.ts';
import { quantizeCommand } from './commands/quantize.ts';
import { validateCommand } from './commands/validate.ts';
import { ToolError } from './tool-error.ts';

const commands: readonly Command[] = [
  inspectCommand,
  convertCommand,
  optimizeCommand,
  quantizeCommand,
  pruneCommand,
  validateCommand,
  manifestCommand,
];

const help = `void-model: prepares models for <void-segmenter>

Usage
  void-model <command> [options]
  void-model <command> --help

Commands
${commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}`;

function isHelpFlag(arg: string): boolean {
  return arg === '--help' || arg === '-h';
}

async function run(args: readonly string[]): Promise<string> {
  const [name, ...rest] = args;
  if (name === undefined || isHelpFlag(name)) return help;
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const known = commands.map((candidate) => candidate.name).join(', ');
    throw new ToolError('usage', `There is no command "${name}". Commands are: ${known}.`);
  }
  return rest.some(isHelpFlag) ? command.help : command.run(rest);
}

try {
  console.log(await run(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  console.error(`void-model: ${error.message}`);
  process.exitCode = error.code === 'usage' ? 2 : 1;
}
