import { existsSync } from 'node:fs';
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each test has asked for, by its key: the answers to come, and the requests that came. */
const tests = new Map();

/**
 * Serves this repository's files as badly as a test wants, so that it meets real HTTP and real broken connections.
 *
 * - `GET /faulty/<key>/<path>` answers with the file, and with `Range`, `ETag` and conditional requests as servers should, unless there are answers
 *   for the path: each request takes the next, the last one stays.
 * - `PUT /faulty/<key>` takes those answers, as JSON: `{ "<path>": [{ "status": 503 }, {}] }`.
 * - `GET /faulty/<key>` gives the requests so far: `[{ path, range, ifRange, ifNoneMatch, status }]`.
 * - `DELETE /faulty/<key>` breaks the connections that are held.
 *
 * An answer may have: `status` (and no file), `headers` (null takes one away), `body` (in the file's place), `gzip`, `noRanges`,
 * `holdAfter` (so many bytes, and nothing more), `refuse` (no answer at all).
 */
export async function faulty(context, next) {
  const [, key, path] = /^\/faulty\/([^/]+)(?:\/(.*))?$/.exec(context.path) ?? [];
  if (!key) return next();
  if (!tests.has(key)) tests.set(key, { answers: {}, requests: [], held: [] });
  const test = tests.get(key);
  if (path !== undefined) return answerWithFile(context, test, path);
  if (context.method === 'DELETE') for (const response of test.held.splice(0)) response.destroy();
  if (context.method === 'PUT') Object.assign(test.answers, await readJson(context.req));
  context.set('Cache-Control', 'no-store');
  context.body = test.requests;
}

async function answerWithFile(context, test, path) {
  const answer = takeNext(test.answers[path]) ?? {};
  const {
    range = '',
    'if-range': ifRange = '',
    'if-none-match': ifNoneMatch = '',
  } = context.headers;
  const request = { path, range, ifRange, ifNoneMatch, status: 0 };
  context.respond = false;
  const { res } = context;
  if (answer.refuse) {
    test.requests.push(request);
    return res.destroy();
  }

  const plain = await readPlain(path, answer);
  if (!plain) {
    test.requests.push({ ...request, status: 404 });
    return res.writeHead(404, { 'Content-Length': 0 }).end();
  }
  const file = answer.gzip ? gzipSync(plain) : plain;
  const headers = {
    'Cache-Control': 'no-store',
    'Content-Type': 'application/octet-stream',
    ETag: `"${createHash('sha256').update(file).digest('hex').slice(0, 16)}"`,
    ...(answer.gzip && { 'Content-Encoding': 'gzip' }),
    ...answer.headers,
  };
  const validator = headers.ETag ?? headers['Last-Modified'];
  const start = answer.noRanges || (ifRange && ifRange !== validator) ? 0 : startOf(range);
  const part = { 'Content-Range': `bytes ${start}-${file.length - 1}/${file.length}` };
  let status = answer.status ?? 200;
  let body = file.subarray(start);
  if (status === 200 && ifNoneMatch && ifNoneMatch === headers.ETag) {
    [status, body] = [304, Buffer.alloc(0)];
  } else if (status === 200 && start > 0) status = 206;
  test.requests.push({ ...request, status });
  const length = status === 304 ? {} : { 'Content-Length': body.length };
  res.writeHead(status, withoutNulls({ ...length, ...(status === 206 && part), ...headers }));
  if (answer.holdAfter === undefined) return res.end(body);
  res.write(body.subarray(0, answer.holdAfter));
  test.held.push(res);
}

/** The last one stays. */
function takeNext(answers) {
  return answers && answers.length > 1 ? answers.shift() : answers?.[0];
}

function startOf(range) {
  return Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
}

function withoutNulls(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null));
}

/** null where there is no such file. */
async function readPlain(path, { status, body }) {
  if (status !== undefined || body !== undefined) return Buffer.from(body ?? '');
  const file = join(root, normalize(path));
  return file.startsWith(root) && existsSync(file) ? readFile(file) : null;
}

async function readJson(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}
