import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A picture and its true mask: paths below the data's folder. */
export interface LabelledPicture {
  readonly id: string;
  readonly image: string;
  readonly mask: string;
  readonly subset: string;
  /** Whether its mask's outline is good enough to be measured against. */
  readonly hasGoodEdges: boolean;
}

/** The frames of a clip in their order, and as many masks. */
export interface LabelledClip {
  readonly id: string;
  readonly images: readonly string[];
  readonly masks: readonly string[];
  readonly framesPerSecond: number;
}

export interface Dataset {
  readonly pictures: readonly LabelledPicture[];
  readonly clips: readonly LabelledClip[];
}

interface Index {
  readonly images?: readonly Readonly<Record<string, unknown>>[];
  readonly videos?: readonly Readonly<Record<string, unknown>>[];
}

/** Reads `index.json` in a folder. Throws with a sentence for the user. */
export function readDataset(folder: string): Dataset {
  const path = join(folder, 'index.json');
  const { images, videos = [] } = parseIndex(path);
  if (!Array.isArray(images) || !Array.isArray(videos)) {
    throw new Error(`${path} lists no "images".`);
  }
  const textOf = (entry: Readonly<Record<string, unknown>>, key: string): string => {
    const value = entry[key];
    if (typeof value === 'string' && value) return value;
    throw new Error(`${path}: "${key}" is missing in ${JSON.stringify(entry).slice(0, 80)}.`);
  };
  return {
    pictures: (images as NonNullable<Index['images']>).map((entry) => ({
      id: textOf(entry, 'id'),
      image: textOf(entry, 'image'),
      mask: textOf(entry, 'mask'),
      subset: textOf(entry, 'subset'),
      hasGoodEdges: entry['edge_quality'] === 'good',
    })),
    clips: (videos as NonNullable<Index['videos']>).map((entry) => {
      const clip = {
        id: textOf(entry, 'id'),
        images: listFiles(folder, textOf(entry, 'frames')),
        masks: listFiles(folder, textOf(entry, 'masks')),
        framesPerSecond: Number(entry['fps'] ?? 25),
      };
      if (clip.images.length !== clip.masks.length || clip.images.length < 2) {
        throw new Error(
          `${path}: the clip ${clip.id} has ${clip.images.length} frames and ${clip.masks.length} masks; it takes as many of both, and two at least.`,
        );
      }
      return clip;
    }),
  };
}

/** So many of them, spread evenly from the first to the last. */
export function spread<T>(all: readonly T[], limit = all.length): T[] {
  if (limit >= all.length) return [...all];
  return Array.from({ length: limit }, (_, i) => all[Math.floor((i * all.length) / limit)] as T);
}

function parseIndex(path: string): Index {
  const text = readFileSync(path, 'utf8');
  try {
    return JSON.parse(text) as Index;
  } catch (error) {
    throw new Error(`${path} is no JSON: ${String(error)}`, { cause: error });
  }
}

function listFiles(folder: string, name: string): string[] {
  return readdirSync(join(folder, name))
    .filter((file) => /\.(png|jpe?g|webp|bmp)$/i.test(file))
    .sort()
    .map((file) => `${name}/${file}`);
}
