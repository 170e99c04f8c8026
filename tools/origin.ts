import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { SlowLink } from './slow-link.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.onnx': 'application/octet-stream',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.webm': 'video/webm',
};

type Headers = Readonly<Record<string, string>>;

/** A server on the loopback interface, of an origin of its own. Whoever starts it closes it. */
export interface Origin {
  /** Without a slash at its end. */
  readonly url: string;
  close(): void;
}

export interface OriginOptions {
  /** By URL prefix (`/media/`) the folder where its files are. */
  readonly folders?: Readonly<Record<string, string>>;
  /** By path (`/index.html`) the contents of a file. */
  readonly pages?: Readonly<Record<string, string | Uint8Array>>;
  /** Default: one that is free. */
  readonly port?: number;
  /** Sent with everything, or with what has a path. */
  readonly headers?: Headers | ((path: string) => Headers);
  /** Compresses what is not compressed by itself, as web servers do. Default: false. */
  readonly gzip?: boolean;
  /** What answers pass through, but for media. Default: as fast as it goes. */
  readonly link?: SlowLink;
  /** Told of each request as it comes. */
  readonly onAsked?: (path: string) => void;
  /** Told of each answer that is sent in full: media, of which browsers take what they like, are not. */
  readonly onSent?: (path: string, sizeBytes: number, rawBytes: number) => void;
}

/** Serves pages and folders, of these `index.html` for themselves, with range requests for media. */
export async function startOrigin(options: OriginOptions): Promise<Origin> {
  const {
    folders = {},
    pages = {},
    headers = {},
    gzip = false,
    port: wantedPort = 0,
    link,
    onAsked,
    onSent,
  } = options;

  const compressed = new Map<string, Uint8Array>();
  /** A file is compressed once, so that only its first request waits for it. */
  const compress = (path: string, bytes: Uint8Array): Uint8Array => {
    const known = compressed.get(path) ?? gzipSync(bytes);
    compressed.set(path, known);
    return known;
  };

  const headersOf = (path: string): Headers =>
    typeof headers === 'function' ? headers(path) : headers;

  const answer = async (path: string, range: string, response: ServerResponse): Promise<void> => {
    const type = contentTypes[extname(path)] ?? 'application/octet-stream';
    const common = { ...headersOf(path), 'Content-Type': type };
    const send = async (bytes: Uint8Array): Promise<void> => {
      const body = gzip ? compress(path, bytes) : bytes;
      response.writeHead(200, { ...common, ...(gzip && { 'Content-Encoding': 'gzip' }) });
      if (link) await link.send(response, body);
      else response.end(body);
      onSent?.(path, body.byteLength, bytes.byteLength);
    };
    const page = pages[path];
    if (page !== undefined) {
      await send(typeof page === 'string' ? new TextEncoder().encode(page) : page);
      return;
    }
    const prefix = Object.keys(folders).find((candidate) => path.startsWith(candidate));
    const file = join(folders[prefix ?? ''] ?? '', path.slice(prefix?.length));
    if (!prefix || path.includes('..')) {
      response.writeHead(404, headersOf(path)).end();
    } else if (type.startsWith('video/')) {
      const { size } = await stat(file);
      const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
      const start = Number(first ?? 0);
      const end = last ? Number(last) : size - 1;
      const length = { 'Content-Length': end - start + 1, 'Accept-Ranges': 'bytes' };
      const contentRange = { 'Content-Range': `bytes ${start}-${end}/${size}` };
      response.writeHead(first ? 206 : 200, { ...common, ...length, ...(first && contentRange) });
      createReadStream(file, { start, end }).pipe(response);
    } else {
      await send(await readFile(file));
    }
  };

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = pathname.replace(/\/$/, '/index.html');
    onAsked?.(path);
    answer(path, request.headers.range ?? '', response).catch(() => {
      response.writeHead(404, headersOf(path)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(wantedPort, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
