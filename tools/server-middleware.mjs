import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const mediaTypes = { '.webm': 'video/webm', '.mp4': 'video/mp4' };

/** Makes pages cross-origin isolated, which gives them shared memory and ONNX Runtime its threads. */
export function isolate(context, next) {
  context.set('Cross-Origin-Opener-Policy', 'same-origin');
  context.set('Cross-Origin-Embedder-Policy', 'require-corp');
  return next();
}

/** Answers range requests for media files, which the dev server does not: without them no browser can seek. */
export async function serveRanges(context, next) {
  const type = mediaTypes[extname(context.path)];
  const range = /^bytes=(\d+)-(\d*)$/.exec(context.get('Range'));
  const path = join(root, normalize(decodeURIComponent(context.path)));
  const file = type && range && path.startsWith(root) && (await stat(path).catch(() => null));
  if (!file) return next();
  const start = Number(range[1]);
  const end = range[2] ? Math.min(Number(range[2]), file.size - 1) : file.size - 1;
  if (start > end) {
    context.status = 416;
    context.set('Content-Range', `bytes */${file.size}`);
    return;
  }
  context.status = 206;
  context.type = type;
  context.length = end - start + 1;
  context.set('Accept-Ranges', 'bytes');
  context.set('Content-Range', `bytes ${start}-${end}/${file.size}`);
  context.body = createReadStream(path, { start, end });
}
