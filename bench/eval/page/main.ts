/** The browser's half of the evaluation. The command calls what is left in `globalThis.evaluation`. */
import type { Backend } from '../../../src/stage.ts';
import { computeBoundaryF } from '../../metrics/boundary-f.ts';
import { computeFalsePositiveArea } from '../../metrics/false-positive-area.ts';
import { computeFlicker, type TimedMask } from '../../metrics/flicker.ts';
import { computeIou } from '../../metrics/iou.ts';
import { computeMeanAbsoluteError } from '../../metrics/mean-absolute-error.ts';
import type { LabelledClip, LabelledPicture } from '../dataset.ts';
import type { EvalRow } from '../rows.ts';
import { ElementMasker } from './element-masker.ts';
import type { Masker } from './masker.ts';
import { MediaPipeMasker } from './mediapipe-masker.ts';
import { ContactSheet } from './overlay.ts';
import { loadPicture, loadTruth } from './pictures.ts';

/** How one mask compares with the truth. */
export interface PictureScores {
  /** Only of pictures with people. */
  readonly iou?: number;
  readonly meanAbsoluteError: number;
  /** Only of pictures with people and good edges. */
  readonly boundaryF?: number;
  /** Only of pictures without people. */
  readonly falsePositiveArea?: number;
}

/** How the masks of a clip compare with the truth, frame by frame. */
export interface ClipScores {
  readonly iou: readonly number[];
  readonly meanAbsoluteError: readonly number[];
  readonly boundaryF: readonly number[];
  /** One fewer than frames. */
  readonly hardFlicker: readonly number[];
  readonly softFlicker: readonly number[];
}

/** What a tile shows: a picture, and what is written below it. */
export interface SheetEntry {
  readonly picture: LabelledPicture;
  readonly label: string;
}

let maskers: readonly Masker[] = [];

const evaluation = {
  load(rows: readonly EvalRow[], backend: Backend): void {
    maskers = rows.map((row) =>
      row.maker === 'element' ? new ElementMasker(row, backend) : new MediaPipeMasker(row),
    );
  },

  /** The scores of each row. */
  async scorePicture({ image, mask, hasGoodEdges }: LabelledPicture): Promise<PictureScores[]> {
    const picture = await loadPicture(image);
    const { width, height } = picture;
    const { values: truth, hasPerson } = await loadTruth(mask, picture);
    const scores: PictureScores[] = [];
    for (const masker of maskers) {
      masker.reset();
      const found = await masker.mask(picture, undefined);
      scores.push({
        meanAbsoluteError: computeMeanAbsoluteError(found, truth),
        ...(hasPerson
          ? { iou: computeIou(found, truth) }
          : { falsePositiveArea: computeFalsePositiveArea(found) }),
        ...(hasPerson &&
          hasGoodEdges && { boundaryF: computeBoundaryF(found, truth, width, height) }),
      });
    }
    picture.close();
    return scores;
  },

  /** The scores of one row. */
  async scoreClip(
    { images, masks, framesPerSecond }: LabelledClip,
    rowIndex: number,
  ): Promise<ClipScores> {
    const masker = maskerOf(rowIndex);
    masker.reset();
    const iou: number[] = [];
    const meanAbsoluteError: number[] = [];
    const boundaryF: number[] = [];
    const hardFlicker: number[] = [];
    const softFlicker: number[] = [];
    let before: TimedMask | undefined;
    for (const [i, path] of images.entries()) {
      const picture = await loadPicture(path);
      const { width, height } = picture;
      const { values: truth } = await loadTruth(masks[i] ?? '', picture);
      const mask = await masker.mask(picture, Math.round((i * 1e6) / framesPerSecond));
      picture.close();
      iou.push(computeIou(mask, truth));
      meanAbsoluteError.push(computeMeanAbsoluteError(mask, truth));
      boundaryF.push(computeBoundaryF(mask, truth, width, height));
      const after = { mask, truth };
      if (before) {
        const { hard, soft } = computeFlicker(before, after);
        hardFlicker.push(hard);
        softFlicker.push(soft);
      }
      before = after;
    }
    return { iou, meanAbsoluteError, boundaryF, hardFlicker, softFlicker };
  },

  /** A contact sheet of a row's masks: a PNG in base64. */
  async drawSheet(entries: readonly SheetEntry[], rowIndex: number): Promise<string> {
    const masker = maskerOf(rowIndex);
    const sheet = new ContactSheet(entries.length);
    for (const { picture: paths, label } of entries) {
      const picture = await loadPicture(paths.image);
      const { values: truth } = await loadTruth(paths.mask, picture);
      masker.reset();
      const mask = await masker.mask(picture, undefined);
      sheet.add({ picture, mask, truth, label });
      picture.close();
    }
    return encodeBase64(await sheet.encode());
  },
};

export type Evaluation = typeof evaluation;

function maskerOf(rowIndex: number): Masker {
  const masker = maskers[rowIndex];
  if (!masker) throw new Error(`There is no row ${rowIndex}.`);
  return masker;
}

async function encodeBase64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

Object.assign(globalThis, { evaluation });
