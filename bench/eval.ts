/** `npm run eval`: how good the masks of the built package are. See bench/README.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Page } from 'puppeteer-core';
import { launchChrome } from '../tools/launch-chrome.ts';
import { readArguments, type EvalArguments } from './eval/arguments.ts';
import { readDataset, spread, type Dataset, type LabelledPicture } from './eval/dataset.ts';
import type { Evaluation, PictureScores } from './eval/page/main.ts';
import {
  formatEvaluation,
  type ClipResult,
  type EvalResults,
  type PictureResult,
} from './eval/report.ts';
import { startEvalSite } from './eval/site.ts';
import { describeMachine } from './machine.ts';

/** Scores every picture and clip that was asked for, and draws the worst. */
async function evaluate(
  given: EvalArguments,
  { pictures, clips }: Dataset,
  argv: readonly string[],
): Promise<EvalResults> {
  const site = await startEvalSite(given.data, given.modelFolder);
  const browser = await launchChrome(given.gpu);
  try {
    const page = await browser.newPage();
    await page.goto(`${site.url}/eval.html`);
    await call(page, 'load', given.rows, given.backend);
    const pictureResults = await scorePictures(page, pictures);
    const clipResults: ClipResult[] = [];
    for (const clip of clips) {
      const scores = [];
      for (const [i, { name }] of given.rows.entries()) {
        report(`${clip.id}: ${name}`);
        scores.push(await call(page, 'scoreClip', clip, i));
      }
      clipResults.push({ id: clip.id, scores });
    }
    if (given.worst > 0) await drawWorst(page, given, pictures, pictureResults);
    return {
      command: ['npm run eval --', ...argv].join(' ').replace(/ --$/, ''),
      date: new Date().toISOString().slice(0, 10),
      machine: await describeMachine(browser),
      rows: given.rows,
      pictures: pictureResults,
      clips: clipResults,
    };
  } finally {
    await browser.close();
    site.close();
  }
}

async function scorePictures(
  page: Page,
  pictures: readonly LabelledPicture[],
): Promise<PictureResult[]> {
  const results: PictureResult[] = [];
  for (const [i, picture] of pictures.entries()) {
    if (i % 10 === 0) report(`pictures: ${i} of ${pictures.length}`);
    const { id, subset } = picture;
    results.push({ id, subset, scores: await call(page, 'scorePicture', picture) });
  }
  return results;
}

/** Writes the contact sheet of the first row. */
async function drawWorst(
  page: Page,
  { worst, sheet }: EvalArguments,
  pictures: readonly LabelledPicture[],
  results: readonly PictureResult[],
): Promise<void> {
  const entries = pictures
    .map((picture, i) => ({ picture, scores: results[i]?.scores[0] as PictureScores }))
    .sort((a, b) => rate(a.scores) - rate(b.scores))
    .slice(0, worst)
    .map(({ picture, scores }) => ({ picture, label: `${picture.id}  ${describe(scores)}` }));
  const base64 = await call(page, 'drawSheet', entries, 0);
  mkdirSync(dirname(sheet), { recursive: true });
  writeFileSync(sheet, Buffer.from(base64, 'base64'));
  report(`The worst ${entries.length} are in ${sheet}: red is no person, blue was missed.`);
}

/** 1 is best, with people and without. */
function rate({ iou, falsePositiveArea = 0 }: PictureScores): number {
  return iou ?? 1 - falsePositiveArea;
}

function describe({ iou, falsePositiveArea = 0 }: PictureScores): string {
  return iou === undefined
    ? `${(100 * falsePositiveArea).toFixed(1)} % false`
    : `IoU ${iou.toFixed(3)}`;
}

/** Calls a method of the page's half. */
function call<Name extends keyof Evaluation>(
  page: Page,
  name: Name,
  ...values: Parameters<Evaluation[Name]>
): Promise<Awaited<ReturnType<Evaluation[Name]>>> {
  const text = values.map((value) => JSON.stringify(value)).join(', ');
  return page.evaluate(`evaluation.${name}(${text})`) as Promise<
    Awaited<ReturnType<Evaluation[Name]>>
  >;
}

function report(text: string): void {
  process.stderr.write(`${text}\n`);
}

try {
  const argv = process.argv.slice(2);
  const given = readArguments(argv);
  if (given) {
    const { pictures, clips } = readDataset(given.data);
    const chosen = {
      pictures: spread(pictures, given.limit),
      clips: given.hasClips ? clips : [],
    };
    const results = await evaluate(given, chosen, argv);
    console.log(formatEvaluation(results));
    if (given.json !== undefined) {
      writeFileSync(given.json, `${JSON.stringify(results, null, 2)}\n`);
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
