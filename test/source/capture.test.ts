import { expect } from '@open-wc/testing';

import { captureFrame, captureStill, type StillSource } from '../../src/source/capture.ts';
import type { Frame } from '../../src/stage.ts';
import {
  contextOf,
  createForeignUrl,
  createImage,
  createPicture,
  createPng,
  createTaintedCanvas,
  differenceFromPicture,
  pictureUrl,
  readFrame,
  sizeOf,
} from '../helpers/pictures.ts';
import { codeOf, describeError, rejectionOf } from '../helpers/promises.ts';
import { clipUrl, createVideo, removeVideos, seek, seekableClipUrl } from '../helpers/videos.ts';

/** A VideoFrame may hold YUV, which costs a few levels of 255. */
const tolerance = 4;

const made: { close(): void }[] = [];
const blobUrls: string[] = [];

async function createBlobUrl(): Promise<string> {
  const url = URL.createObjectURL(await createPng(40, 30));
  blobUrls.push(url);
  return url;
}

/** Has the test close the frame. */
function keep<T extends { close(): void }>(frame: T): T {
  made.push(frame);
  return frame;
}

async function capture(source: StillSource): Promise<Frame> {
  return keep(await captureStill(source));
}

function createImageData(): ImageData {
  return contextOf(createPicture(40, 30)).getImageData(0, 0, 40, 30);
}

function createSvgUrl(size: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><path fill="#f00" d="M0 0h99v99H0z"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const sources: readonly [what: string, create: () => Promise<StillSource> | StillSource][] = [
  ['an image element', async () => createImage(await createBlobUrl())],
  ['a canvas', () => createPicture(40, 30)],
  ['an ImageBitmap', async () => keep(await createImageBitmap(createPicture(40, 30)))],
  ['ImageData', () => createImageData()],
  ['a Blob', () => createPng(40, 30)],
  ['a VideoFrame', () => keep(new VideoFrame(createPicture(40, 30), { timestamp: 7 }))],
];

function createClosedFrame(): VideoFrame {
  const frame = new VideoFrame(createPicture(40, 30), { timestamp: 0 });
  frame.close();
  return frame;
}

async function createClosedBitmap(): Promise<ImageBitmap> {
  const bitmap = await createImageBitmap(createPicture(40, 30));
  bitmap.close();
  return bitmap;
}

function createBrokenImage(): HTMLImageElement {
  const image = new Image();
  image.src = '/test/assets/models/html.onnx';
  return image;
}

describe('captureStill', () => {
  afterEach(() => {
    for (const frame of made.splice(0)) frame.close();
    for (const url of blobUrls.splice(0)) URL.revokeObjectURL(url);
    removeVideos();
  });

  for (const [what, create] of sources) {
    it(`has the size of ${what}`, async () => {
      expect(sizeOf(await capture(await create()))).to.equal('40x30');
    });

    it(`has the pixels of ${what}`, async () => {
      const frame = await capture(await create());
      expect(differenceFromPicture(frame)).to.be.at.most(tolerance);
    });

    it(`leaves ${what} usable`, async () => {
      const source = await create();
      (await captureStill(source)).close();
      const frame = await capture(source);
      expect(differenceFromPicture(frame)).to.be.at.most(tolerance);
    });
  }

  it('has the size of the file, not that of the layout', async () => {
    const image = await createImage(await createBlobUrl());
    image.width = 400;
    expect(sizeOf(await capture(image))).to.equal('40x30');
  });

  it('waits for an image that is still loading', async () => {
    const image = new Image();
    image.src = await createBlobUrl();
    expect(sizeOf(await capture(image))).to.equal('40x30');
  });

  it('has the size of a drawing', async () => {
    const image = await createImage(createSvgUrl('width="40" height="30"'));
    expect(sizeOf(await capture(image))).to.equal('40x30');
  });

  it('keeps transparency', async () => {
    const image = new ImageData(2, 1);
    image.data.set([255, 0, 0, 255, 0, 0, 0, 0]);
    const { data } = readFrame(await capture(image));
    expect([data[3], data[7]]).to.deep.equal([255, 0]);
  });

  it('is a copy, which later drawing does not change', async () => {
    const canvas = createPicture(40, 30);
    const frame = await capture(canvas);
    contextOf(canvas).clearRect(0, 0, 40, 30);
    expect(differenceFromPicture(frame)).to.be.at.most(tolerance);
  });

  it('keeps the timestamp of a VideoFrame', async () => {
    const frame = await capture(keep(new VideoFrame(createPicture(40, 30), { timestamp: 7 })));
    expect((frame as VideoFrame).timestamp).to.equal(7);
  });

  it('takes the visible part of a VideoFrame', async () => {
    const whole = keep(new VideoFrame(createPicture(40, 30), { timestamp: 0 }));
    const part = keep(
      new VideoFrame(whole, { visibleRect: { x: 0, y: 0, width: 20, height: 10 } }),
    );
    expect(sizeOf(await capture(part))).to.equal('20x10');
  });

  it('takes the current frame of a video, with its media time', async () => {
    const video = await createVideo(seekableClipUrl);
    await seek(video, 2);
    const frame = (await capture(video)) as VideoFrame;
    expect([sizeOf(frame), frame.timestamp]).to.deep.equal(['400x300', 2e6]);
  });

  const undecodable: readonly [what: string, create: () => StillSource | Promise<StillSource>][] = [
    ['a Blob that is no picture', () => new Blob(['not a picture'], { type: 'image/png' })],
    ['an empty Blob', () => new Blob([])],
    ['a closed VideoFrame', createClosedFrame],
    ['a closed ImageBitmap', createClosedBitmap],
    ['a canvas without pixels', () => createPicture(0, 0)],
    ['an image that does not decode', createBrokenImage],
    ['an image without a URL', () => new Image()],
    ['a video that has not loaded', () => document.createElement('video')],
    ['null', () => null as unknown as StillSource],
  ];
  for (const [what, create] of undecodable) {
    it(`rejects ${what} with source-decode`, async () => {
      expect(await codeOf(captureStill(await create()))).to.equal('source-decode');
    });
  }

  it('keeps the reason of a failure as the cause', async () => {
    const error = await rejectionOf(captureStill(new Blob(['not a picture'])));
    expect((error as Error).cause).to.be.instanceOf(DOMException);
  });

  const tainted: readonly [what: string, create: () => Promise<StillSource>][] = [
    ['an image of another origin', async () => createImage(await createForeignUrl(pictureUrl))],
    ['a canvas with an image of another origin', createTaintedCanvas],
    [
      'an ImageBitmap of an image of another origin',
      async () =>
        keep(await createImageBitmap(await createImage(await createForeignUrl(pictureUrl)))),
    ],
    ['a video of another origin', async () => createVideo(await createForeignUrl(clipUrl))],
  ];
  for (const [what, create] of tainted) {
    it(`rejects ${what} with source-tainted`, async () => {
      const source = await create();
      expect(await codeOf(captureStill(source).then(keep))).to.equal('source-tainted');
    });
  }
});

describe('captureFrame, of a canvas', () => {
  afterEach(() => {
    for (const frame of made.splice(0)) frame.close();
  });

  it('has the pixels of the canvas', () => {
    const frame = keep(captureFrame(createPicture(40, 30), 0));
    expect(differenceFromPicture(frame)).to.be.at.most(tolerance);
  });

  it('has the timestamp in whole microseconds', () => {
    const frame = keep(captureFrame(createPicture(40, 30), 1234.6));
    expect(frame.timestamp).to.equal(1235);
  });

  it('takes a canvas that nothing was drawn to', () => {
    const frame = keep(captureFrame(document.createElement('canvas'), 0));
    expect(sizeOf(frame)).to.equal('300x150');
  });

  it('throws source-tainted for a canvas with an image of another origin', async () => {
    const canvas = await createTaintedCanvas();
    expect(thrownBy(() => keep(captureFrame(canvas, 0)))).to.equal('source-tainted');
  });

  it('throws source-decode for a canvas without pixels', () => {
    expect(thrownBy(() => keep(captureFrame(createPicture(0, 0), 0)))).to.equal('source-decode');
  });
});

describe('captureFrame, of a video', () => {
  afterEach(() => {
    for (const frame of made.splice(0)) frame.close();
    removeVideos();
  });

  it('has the size of the video and the timestamp in whole microseconds', async () => {
    const frame = keep(captureFrame(await createVideo(seekableClipUrl), 40_000.4));
    expect([sizeOf(frame), frame.timestamp]).to.deep.equal(['400x300', 40_000]);
  });

  it('throws source-decode before there is a frame', () => {
    const video = document.createElement('video');
    expect(thrownBy(() => keep(captureFrame(video, 0)))).to.equal('source-decode');
  });

  it('throws source-tainted for a video of another origin', async () => {
    const video = await createVideo(await createForeignUrl(clipUrl));
    expect(thrownBy(() => keep(captureFrame(video, 0)))).to.equal('source-tainted');
  });
});

/** The code of what `act` throws. */
function thrownBy(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return describeError(error);
  }
  throw new Error('Did not throw.');
}
