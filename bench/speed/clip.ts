import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleClip } from '../../tools/sample-clip.ts';
import type { Size } from './arguments.ts';

/** Long enough not to repeat itself at once, short enough to be scaled in a moment. */
const clipSeconds = 20;

/** Size of the default clip, which is played as it is at this size: that takes no ffmpeg. */
const ownSize: Size = { width: 400, height: 300 };

/** Scaled clips, kept for the next run. */
const folder = fileURLToPath(new URL('../.clips/', import.meta.url));

/**
 * Returns the path of the clip at this size, cropped to fill it, VP8 at 25 frames a second. Scales it by ffmpeg
 * unless that was done before.
 */
export function scaleClip(clip: string | undefined, { width, height }: Size): string {
  const source = clip ?? sampleClip;
  if (!existsSync(source)) throw new Error(`There is no clip ${source}.`);
  if (!clip && width === ownSize.width && height === ownSize.height) return source;
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12);
  const target = join(folder, `${hash}-${width}x${height}.webm`);
  if (existsSync(target)) return target;
  mkdirSync(dirname(target), { recursive: true });
  const unfinished = target.replace(/\.webm$/, '.part.webm');
  const scale = `scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height}`;
  const { error, status, stderr } = spawnSync(
    'ffmpeg',
    [
      ...['-y', '-v', 'error', '-i', source, '-t', String(clipSeconds), '-an', '-r', '25'],
      ...[
        '-vf',
        `${scale},format=yuv420p`,
        '-c:v',
        'libvpx',
        '-b:v',
        '4M',
        '-deadline',
        'realtime',
      ],
      ...['-cpu-used', '8', unfinished],
    ],
    { encoding: 'utf8' },
  );
  if (error) {
    throw new Error(
      'The clip is scaled by ffmpeg, which is not there. Install it (apt-get install ffmpeg), or add --size 400x300, the size of the clip itself.',
      {
        cause: error,
      },
    );
  }
  if (status !== 0) throw new Error(`ffmpeg cannot scale ${source}: ${stderr}`);
  renameSync(unfinished, target);
  return target;
}
