import { expect } from '@open-wc/testing';

import { CanvasSource } from '../../src/source/canvas-source.ts';
import type { FrameSource } from '../../src/source/frame-source.ts';
import { StillSource } from '../../src/source/still-source.ts';
import {
  createForeignUrl,
  createImage,
  createPicture,
  createPng,
  createTaintedCanvas,
  differenceFromPicture,
  pictureUrl,
  sizeOf,
} from '../helpers/pictures.ts';
import { codeOf, describeError, finishDueWork, rejectionOf } from '../helpers/promises.ts';
import { displayFrames, SourceLog } from '../helpers/source-log.ts';

/** A VideoFrame may hold YUV, which costs a few levels of 255. */
const tolerance = 4;

const open: { close(): void }[] = [];
const blobUrls: string[] = [];

/** Has the test close it. */
function keep<T extends { close(): void }>(item: T): T {
  open.push(item);
  return item;
}

async function createPngUrl(width = 40, height = 30): Promise<string> {
  const url = URL.createObjectURL(await createPng(width, height));
  blobUrls.push(url);
  return url;
}

type StillInput = Parameters<typeof StillSource.open>[0];

async function openStill(input: StillInput, log = new SourceLog()): Promise<StillSource> {
  return keep(await StillSource.open(input, log));
}

function openCanvas(canvas: HTMLCanvasElement, log = new SourceLog()): CanvasSource {
  return keep(new CanvasSource(canvas, log));
}

async function captureFrom(source: FrameSource) {
  const picture = await source.capture();
  if (!picture) throw new Error('no picture');
  keep(picture.frame);
  return picture;
}

function brokenImage(): HTMLImageElement {
  const image = new Image();
  image.src = '/test/assets/models/html.onnx';
  return image;
}

/** Resolves once the image has loaded or failed. Listen before acting. */
function settled(image: HTMLImageElement): Promise<unknown> {
  return new Promise((resolve) => {
    image.addEventListener('load', resolve);
    image.addEventListener('error', resolve);
  });
}

function closeAll(): void {
  for (const item of open.splice(0)) item.close();
  for (const url of blobUrls.splice(0)) URL.revokeObjectURL(url);
}

describe('StillSource', () => {
  afterEach(closeAll);

  const inputs: readonly [what: string, create: () => Promise<StillInput> | StillInput][] = [
    ['an image element', async () => createImage(await createPngUrl())],
    ['an ImageBitmap', async () => keep(await createImageBitmap(createPicture(40, 30)))],
    ['a VideoFrame', () => keep(new VideoFrame(createPicture(40, 30), { timestamp: 7 }))],
    ['a Blob', () => createPng(40, 30)],
  ];
  for (const [what, create] of inputs) {
    it(`knows the size of ${what} once it is open`, async () => {
      const source = await openStill(await create());
      expect([source.width, source.height]).to.deep.equal([40, 30]);
    });

    it(`gives the picture of ${what} again and again`, async () => {
      const source = await openStill(await create());
      (await captureFrom(source)).frame.close();
      const { frame } = await captureFrom(source);
      expect(differenceFromPicture(frame)).to.be.at.most(tolerance);
    });

    it(`leaves ${what} usable after close`, async () => {
      const input = await create();
      (await openStill(input)).close();
      expect((await openStill(input)).width).to.equal(40);
    });
  }

  it('is a single picture that does not play', async () => {
    const source = await openStill(await createPng(40, 30));
    source.play();
    expect(source).to.include({ isStill: true, isPlaying: false });
  });

  it('has the media time 0', async () => {
    const frame = keep(new VideoFrame(createPicture(40, 30), { timestamp: 7 }));
    expect((await captureFrom(await openStill(frame))).timestampUs).to.equal(0);
  });

  it('has the image element as its media', async () => {
    const image = await createImage(await createPngUrl());
    expect((await openStill(image)).media).to.equal(image);
  });

  it('has no media for a bitmap', async () => {
    const bitmap = keep(await createImageBitmap(createPicture(40, 30)));
    expect((await openStill(bitmap)).media).to.equal(null);
  });

  it('waits for an image that is still loading', async () => {
    const image = new Image();
    image.src = await createPngUrl();
    expect((await openStill(image)).width).to.equal(40);
  });

  it('tells when the image element shows another picture', async () => {
    const image = await createImage(await createPngUrl());
    await displayFrames(2);
    const log = new SourceLog();
    await openStill(image, log);
    image.src = await createPngUrl(20, 10);
    await log.until(({ pictures }) => pictures > 0);
    expect(log.pictures).to.equal(1);
  });

  it('has the size of the other picture once that is captured', async () => {
    const image = await createImage(await createPngUrl());
    const log = new SourceLog();
    const source = await openStill(image, log);
    image.src = await createPngUrl(20, 10);
    await captureFrom(source);
    expect([source.width, source.height]).to.deep.equal([20, 10]);
  });

  it('tells source-decode when the image element goes on to a broken picture', async () => {
    const image = await createImage(await createPngUrl());
    const log = new SourceLog();
    await openStill(image, log);
    image.src = '/test/assets/models/html.onnx';
    await log.until(({ errors }) => errors.length > 0);
    expect(log.errors.map(describeError)).to.deep.equal(['source-decode']);
  });

  it('tells nothing after close', async () => {
    const image = await createImage(await createPngUrl());
    await displayFrames(2);
    const log = new SourceLog();
    (await openStill(image, log)).close();
    const change = settled(image);
    image.src = await createPngUrl(20, 10);
    await change;
    expect([log.pictures, log.errors]).to.deep.equal([0, []]);
  });

  it('rejects a broken image with source-decode', async () => {
    expect(await codeOf(openStill(brokenImage()))).to.equal('source-decode');
  });

  it('tells nothing of an image that it could not open', async () => {
    const log = new SourceLog();
    const image = brokenImage();
    const failure = settled(image);
    await rejectionOf(openStill(image, log));
    await failure;
    await finishDueWork();
    expect(log.errors).to.deep.equal([]);
  });

  it('does not watch an image on that it could not open', async () => {
    const log = new SourceLog();
    const image = brokenImage();
    await rejectionOf(openStill(image, log));
    await displayFrames(2);
    const change = settled(image);
    image.src = await createPngUrl();
    await change;
    expect(log.pictures).to.equal(0);
  });

  it('rejects an undecodable Blob with source-decode', async () => {
    expect(await codeOf(openStill(new Blob(['not a picture'])))).to.equal('source-decode');
  });

  it('rejects an image of another origin with source-tainted', async () => {
    const image = await createImage(await createForeignUrl(pictureUrl));
    expect(await codeOf(openStill(image))).to.equal('source-tainted');
  });
});

describe('CanvasSource', () => {
  afterEach(closeAll);

  it('is as large as the canvas at any time', () => {
    const canvas = createPicture(40, 30);
    const source = openCanvas(canvas);
    canvas.width = 20;
    expect([source.width, source.height]).to.deep.equal([20, 30]);
  });

  it('captures the pixels', async () => {
    const { frame } = await captureFrom(openCanvas(createPicture(40, 30)));
    expect(differenceFromPicture(frame)).to.be.at.most(tolerance);
  });

  it('captures what is drawn after it was opened', async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 40;
    canvas.height = 30;
    const source = openCanvas(canvas);
    canvas.getContext('2d')?.drawImage(createPicture(40, 30), 0, 0);
    const { frame } = await captureFrom(source);
    expect(differenceFromPicture(frame)).to.be.at.most(tolerance);
  });

  it('gives frame and picture the same timestamp', async () => {
    const { frame, timestampUs } = await captureFrom(openCanvas(createPicture(40, 30)));
    expect((frame as VideoFrame).timestamp).to.equal(timestampUs);
  });

  it('has timestamps that grow', async () => {
    const source = openCanvas(createPicture(40, 30));
    const first = await captureFrom(source);
    // WebKit may display two within one of the whole milliseconds that its clocks count.
    await displayFrames(2);
    const second = await captureFrom(source);
    expect(second.timestampUs).to.be.greaterThan(first.timestampUs);
  });

  it('gives no picture of a canvas without pixels', () => {
    expect(openCanvas(createPicture(0, 30)).capture()).to.equal(null);
  });

  it('gives a picture once the canvas has pixels', async () => {
    const canvas = createPicture(0, 0);
    const source = openCanvas(canvas);
    canvas.width = 40;
    canvas.height = 30;
    expect(sizeOf((await captureFrom(source)).frame)).to.equal('40x30');
  });

  it('tells no picture before it plays', async () => {
    const log = new SourceLog();
    openCanvas(createPicture(40, 30), log);
    await displayFrames(3);
    expect(log.pictures).to.equal(0);
  });

  it('tells a picture for every display frame while it plays', async () => {
    const log = new SourceLog();
    openCanvas(createPicture(40, 30), log).play();
    await displayFrames(5);
    expect(log.pictures).to.equal(5);
  });

  it('tells each picture once when it is told to play twice', async () => {
    const log = new SourceLog();
    const source = openCanvas(createPicture(40, 30), log);
    source.play();
    source.play();
    await displayFrames(5);
    expect(log.pictures).to.equal(5);
  });

  for (const [what, stop] of [
    ['pause', (source: CanvasSource) => source.pause()],
    ['close', (source: CanvasSource) => source.close()],
  ] as const) {
    it(`tells no picture after ${what}`, async () => {
      const log = new SourceLog();
      const source = openCanvas(createPicture(40, 30), log);
      source.play();
      await log.until(({ pictures }) => pictures === 2);
      stop(source);
      await displayFrames(3);
      expect(log.pictures).to.equal(2);
    });
  }

  it('plays on after a pause', async () => {
    const log = new SourceLog();
    const source = openCanvas(createPicture(40, 30), log);
    source.play();
    source.pause();
    source.play();
    await log.until(({ pictures }) => pictures === 2);
    expect(source.isPlaying).to.equal(true);
  });

  it('tells when it begins and stops to play, and nothing of what is not new', () => {
    const log = new SourceLog();
    const source = openCanvas(createPicture(40, 30), log);
    const changes: number[] = [];
    for (const act of ['pause', 'play', 'play', 'pause', 'pause'] as const) {
      source[act]();
      changes.push(log.changes);
    }
    expect(changes).to.deep.equal([0, 1, 1, 2, 2]);
  });

  it('tells when the size changed while it plays', async () => {
    const log = new SourceLog();
    const canvas = createPicture(40, 30);
    openCanvas(canvas, log).play();
    await displayFrames(2);
    canvas.width = 80;
    await displayFrames(3);
    expect(log.changes).to.equal(2);
  });

  it('is refused with source-tainted when the canvas cannot be read', async () => {
    const canvas = await createTaintedCanvas();
    const opening = Promise.resolve().then(() => openCanvas(canvas));
    expect(await codeOf(opening)).to.equal('source-tainted');
  });
});
