import { execFile, spawn, type ChildProcess } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startOrigin, type Origin } from '../../tools/origin.ts';
import { packPackage } from '../../tools/package/pack-package.ts';
import { sampleClip } from '../../tools/sample-clip.ts';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const toyModels = fileURLToPath(new URL('../assets/models/', import.meta.url));
const run = promisify(execFile);

/** A server gets this long to answer: the first build of a framework's development server can take a minute. */
const startLimitMs = 180_000;

/** Where apps are installed, beside the tarball that their package.json names; removed when the process ends. */
const workshop = mkdtempSync(join(tmpdir(), 'void-segmenter-consumers-'));
process.on('exit', () => rmSync(workshop, { recursive: true, force: true }));
renameSync(packPackage(workshop).path, join(workshop, 'void-segmenter.tgz'));

/** A copy of an example outside the repository, with its dependencies as its lockfile says and the packed package. */
export class InstalledApp {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Copies and installs an app, of `examples/` if no other folder is named. */
  static async install(name: string, parent = examples): Promise<InstalledApp> {
    const folder = join(workshop, name);
    cpSync(join(parent, name), folder, {
      recursive: true,
      filter: (path) => !/[\\/](node_modules|dist|\.next|\.angular|\.parcel-cache)$/.test(path),
    });
    const media = join(folder, 'public');
    mkdirSync(media, { recursive: true });
    copyFileSync(sampleClip, join(media, 'talk.webm'));
    for (const file of ['green.json', 'green.onnx'])
      copyFileSync(join(toyModels, file), join(media, file));
    await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, maxBuffer: 2 ** 26 });
    return new InstalledApp(folder);
  }

  get scripts(): Readonly<Record<string, string>> {
    const text = readFileSync(join(this.folder, 'package.json'), 'utf8');
    return (JSON.parse(text) as { scripts?: Record<string, string> }).scripts ?? {};
  }

  /** Runs one of its scripts to the end. Rejects with what it printed if it fails. */
  async run(script: string): Promise<void> {
    try {
      await run('npm', ['run', script], { cwd: this.folder, maxBuffer: 2 ** 26 });
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`npm run ${script} failed:\n${stdout}\n${stderr}`, { cause: error });
    }
  }

  /** Starts a server by a command and waits until it answers. The caller closes it. */
  async serve(command: (port: number) => string): Promise<Origin> {
    const port = await findFreePort();
    const url = `http://localhost:${port}`;
    const server = spawn(command(port), {
      cwd: this.folder,
      shell: true,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        BROWSER: 'none',
        NG_CLI_ANALYTICS: 'false',
        PATH: `${join(this.folder, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
        NEXT_TELEMETRY_DISABLED: '1',
        // That of this repository, set by the npm that runs this; Parcel's plugin looks there for its settings.
        npm_package_json: join(this.folder, 'package.json'),
      },
    });
    let output = '';
    server.stdout.on('data', (text: Buffer) => (output += text.toString()));
    server.stderr.on('data', (text: Buffer) => (output += text.toString()));
    const close = (): void => stop(server);
    try {
      await answered(url, server);
    } catch (error) {
      close();
      throw new Error(`${command(port)}:\n${output}`, { cause: error });
    }
    return { url, close };
  }

  /** Serves a folder of it as any web server would. The caller closes it. */
  serveFiles(folder: string): Promise<Origin> {
    return startOrigin({ folders: { '/': join(this.folder, folder) } });
  }
}

/** With all that it started itself. */
function stop(server: ChildProcess): void {
  if (server.pid === undefined || server.exitCode !== null) return;
  process.kill(-server.pid, 'SIGKILL');
}

async function answered(url: string, server: ChildProcess): Promise<void> {
  const endMs = performance.now() + startLimitMs;
  while (server.exitCode === null && performance.now() < endMs) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await sleep(250);
  }
  throw new Error(server.exitCode === null ? 'no answer' : `ended with ${server.exitCode}`);
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
