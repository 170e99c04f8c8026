import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../tools/void-model/cli.ts', import.meta.url));

/** What a command printed, and its exit status. */
export interface CliResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `void-model` to its end. */
export async function runCli(args: readonly string[]): Promise<CliResult> {
  return new Promise((settle) => {
    const all = ['--import', 'tsx', cli, ...args];
    execFile(process.execPath, all, (error, stdout, stderr) => {
      settle({ status: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

/** Gives `work` a folder of its own, and removes it. */
export async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'void-model-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
