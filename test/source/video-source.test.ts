import { expect } from '@open-wc/testing';

import { openSource, type SourceRequest } from '../../src/source/open-source.ts';
import type { FrameSource } from '../../src/source/frame-source.ts';
import { VideoSource } from '../../src/source/video-source.ts';
import type { Frame } from '../../src/stage.ts';
import {
  createForeignUrl,
  createPicture,
  createPng,
  differenceFromPicture,
  pictureUrl,
  sizeOf,
} from '../helpers/pictures.ts';
import { codeOf, describeError, messageOf, rejectionOf } from '../helpers/promises.ts';
import { displayFrames, SourceLog } from '../helpers/source-log.ts';
import { createStream } from '../helpers/streams.ts';
import {
  clipUrl,
  createEmptyVideo,
  createVideo,
  removeVideos,
  seek,
  seekableClipUrl,
} from '../helpers/videos.ts';

/** Of the clip, in microseconds; its timestamps are whole multiples. */
const frameDurationUs = 40_000;

const open: { close(): void }[] = [];
const blobUrls: string[] = [];

/** Has the test close it. */
function keep<T extends { close(): void }>(item: T): T {
  open.push(item);
  return item;
}

function createBlobUrl(blob: Blob): string {
  const url = URL.createObjectURL(blob);
  blobUrls.push(url);
  return url;
}

interface OpenOptions {
  readonly log?: SourceLog;
  readonly release?: () => void;
  readonly signal?: AbortSignal;
}

async function openVideo(
  video: HTMLVideoElement,
  {
    log = new SourceLog(),
    release = () => {},
    signal = new AbortController().signal,
  }: OpenOptions = {},
): Promise<VideoSource> {
  return keep(await VideoSource.open(video, log, release, signal));
}

/** The clip, paused at its first picture. */
async function openClip(options: OpenOptions = {}) {
  const video = await createVideo(seekableClipUrl);
  const log = options.log ?? new SourceLog();
  return { video, log, source: await openVideo(video, { ...options, log }) };
}

/** Opens as the element does, with a video of its own. */
async function openRequest(
  request: SourceRequest,
  { signal = new AbortController().signal, video = createEmptyVideo() } = {},
): Promise<FrameSource> {
  return keep(await openSource(request, video, new SourceLog(), signal));
}

function openUrl(url: string, options: Parameters<typeof openRequest>[1] = {}) {
  return openRequest({ kind: 'url', url, crossOrigin: null }, options);
}

async function captureFrom(source: FrameSource): Promise<{ frame: Frame; timestampUs: number }> {
  const picture = await source.capture();
  if (!picture) throw new Error('no picture');
  keep(picture.frame);
  return picture;
}

/** Plays the clip and captures at every callback, this many times. */
async function captureWhilePlaying(count: number): Promise<number[]> {
  const timestamps: number[] = [];
  const captures: Promise<unknown>[] = [];
  const log = new SourceLog(() => {
    captures.push(
      captureFrom(source).then(({ frame, timestampUs }) => {
        frame.close();
        timestamps.push(timestampUs);
      }),
    );
  });
  const { source } = await openClip({ log });
  await source.play();
  await log.until(({ pictures }) => pictures >= count);
  source.pause();
  await Promise.all(captures);
  return timestamps;
}

function openStream(): MediaStream {
  const stream = createStream(createPicture(40, 30));
  keep({ close: () => stream.getTracks().forEach((track) => track.stop()) });
  return stream;
}

function closeAll(): void {
  for (const item of open.splice(0)) item.close();
  for (const url of blobUrls.splice(0)) URL.revokeObjectURL(url);
  removeVideos();
}

describe('VideoSource', () => {
  afterEach(closeAll);

  it('has a picture once it is open', async () => {
    const { source } = await openClip();
    expect(sizeOf((await captureFrom(source)).frame)).to.equal('400x300');
  });

  it('has the size of the video', async () => {
    const { source } = await openClip();
    expect([source.width, source.height]).to.deep.equal([400, 300]);
  });

  it('opens a video that was told to load its metadata only', async () => {
    const video = createEmptyVideo();
    video.preload = 'metadata';
    video.src = clipUrl;
    const { frame } = await captureFrom(await openVideo(video));
    expect(sizeOf(frame)).to.equal('400x300');
  });

  it('begins at the time where the video stands', async () => {
    const video = await createVideo(seekableClipUrl);
    await seek(video, 4);
    expect((await captureFrom(await openVideo(video))).timestampUs).to.equal(4e6);
  });

  describe('while it plays', () => {
    it('tells of pictures', async () => {
      const { source, log } = await openClip();
      await source.play();
      await log.until(({ pictures }) => pictures >= 5);
      expect(source.isPlaying).to.equal(true);
    });

    it('has timestamps that increase', async () => {
      const timestamps = await captureWhilePlaying(8);
      const steps = timestamps.slice(1).map((at, i) => at - (timestamps[i] ?? NaN));
      expect(steps.length).to.be.greaterThan(5);
      expect(Math.min(...steps)).to.be.greaterThan(0);
    });

    it('has timestamps of the media, not of the clock', async () => {
      const offGrid = (await captureWhilePlaying(8)).map((at) => at % frameDurationUs);
      expect(offGrid).to.deep.equal(offGrid.map(() => 0));
    });

    it('gives the frame the timestamp that it tells', async () => {
      const { source, log } = await openClip();
      await source.play();
      await log.until(({ pictures }) => pictures >= 3);
      const { frame, timestampUs } = await captureFrom(source);
      expect((frame as VideoFrame).timestamp).to.equal(timestampUs);
    });
  });

  it('tells when it begins and stops to play', async () => {
    const { source, log } = await openClip();
    await source.play();
    await log.until(({ changes }) => changes === 1);
    source.pause();
    await log.until(({ changes }) => changes === 2);
    expect(source.isPlaying).to.equal(false);
  });

  it('tells when it has ended', async () => {
    const { video, source, log } = await openClip();
    await seek(video, video.duration - 0.1);
    await source.play();
    await log.until(() => video.ended);
    expect(source.isPlaying).to.equal(false);
  });

  it('tells no picture after pause', async () => {
    const { source, log } = await openClip();
    await source.play();
    await log.until(({ pictures }) => pictures >= 3);
    source.pause();
    // A frame that was on its way to the display may still come.
    await displayFrames(5);
    const before = log.pictures;
    await displayFrames(15);
    expect(log.pictures).to.equal(before);
  });

  it('tells a picture for a seek while it is paused', async () => {
    const { video, log } = await openClip();
    await displayFrames(5);
    const before = log.pictures;
    await seek(video, 8);
    await log.until(({ pictures }) => pictures > before);
    expect(video.paused).to.equal(true);
  });

  it('has the time of the seek', async () => {
    const { video, source } = await openClip();
    await seek(video, 8);
    expect((await captureFrom(source)).timestampUs).to.equal(8e6);
  });

  describe('close', () => {
    it('releases', async () => {
      let releases = 0;
      const { source } = await openClip({ release: () => releases++ });
      source.close();
      expect(releases).to.equal(1);
    });

    it('stops the pictures, though the video plays on', async () => {
      const { video, source, log } = await openClip();
      await source.play();
      await log.until(({ pictures }) => pictures >= 2);
      source.close();
      const before = log.pictures;
      await displayFrames(15);
      expect([video.paused, log.pictures]).to.deep.equal([false, before]);
    });

    it('stops what is told of play, pause and seek', async () => {
      const { video, source, log } = await openClip();
      await displayFrames(5);
      source.close();
      const before = [log.pictures, log.changes];
      await video.play();
      video.pause();
      await seek(video, 3);
      expect([log.pictures, log.changes]).to.deep.equal(before);
    });
  });

  it('rejects a file that is no video with source-decode', async () => {
    const video = createEmptyVideo();
    video.src = '/test/assets/models/html.onnx';
    expect(await codeOf(openVideo(video))).to.equal('source-decode');
  });

  it('rejects a video that has failed already with source-decode', async () => {
    const video = createEmptyVideo();
    video.src = '/test/assets/models/html.onnx';
    await new Promise((resolve) => video.addEventListener('error', resolve));
    expect(await codeOf(openVideo(video))).to.equal('source-decode');
  });

  it('releases when it could not open', async () => {
    let releases = 0;
    const video = createEmptyVideo();
    video.src = '/test/assets/models/html.onnx';
    await rejectionOf(openVideo(video, { release: () => releases++ }));
    expect(releases).to.equal(1);
  });

  it('opens the second <source> when the first cannot be played', async () => {
    const video = createEmptyVideo();
    for (const src of ['/test/assets/models/html.onnx', clipUrl]) {
      video.append(Object.assign(document.createElement('source'), { src }));
    }
    expect((await openVideo(video)).width).to.equal(400);
  });

  it('rejects with source-decode when no <source> can be played', async () => {
    const video = createEmptyVideo();
    for (const src of ['/test/assets/models/html.onnx', '/test/assets/models/green.onnx']) {
      video.append(Object.assign(document.createElement('source'), { src }));
    }
    expect(await codeOf(openVideo(video))).to.equal('source-decode');
  });

  it('tells source-decode when the video goes on to a broken file', async () => {
    const { video, log } = await openClip();
    video.src = '/test/assets/models/html.onnx';
    await log.until(({ errors }) => errors.length > 0);
    expect(log.errors.map(describeError)).to.deep.equal(['source-decode']);
  });

  for (const [what, abort] of [
    ['before it waits', (act: () => void) => act()],
    ['while it waits', (act: () => void) => queueMicrotask(act)],
  ] as const) {
    it(`rejects with AbortError when aborted ${what}`, async () => {
      const controller = new AbortController();
      abort(() => controller.abort());
      const call = openVideo(createEmptyVideo(), { signal: controller.signal });
      expect(await codeOf(call)).to.equal('AbortError');
    });
  }
});

describe('openSource', () => {
  afterEach(closeAll);

  it('opens a video by URL in the video that it is given', async () => {
    const video = createEmptyVideo();
    const source = await openUrl(clipUrl, { video });
    expect([source.media, source.isStill, source.width]).to.deep.equal([video, false, 400]);
  });

  it('empties that video at close', async () => {
    const video = createEmptyVideo();
    (await openUrl(clipUrl, { video })).close();
    expect([video.hasAttribute('src'), video.readyState]).to.deep.equal([false, 0]);
  });

  it('opens an image by URL', async () => {
    const source = await openUrl(pictureUrl);
    expect([source.isStill, source.width]).to.deep.equal([true, 256]);
  });

  it('opens an image by a URL without an extension', async () => {
    const source = await openUrl(createBlobUrl(await createPng(40, 30)));
    expect([source.isStill, source.width]).to.deep.equal([true, 40]);
  });

  it('opens an image by a data: URL', async () => {
    const source = await openUrl(createPicture(40, 30).toDataURL());
    expect([source.isStill, source.width]).to.deep.equal([true, 40]);
  });

  it('opens a video by a URL without an extension', async () => {
    const clip = await (await fetch(clipUrl)).blob();
    expect((await openUrl(createBlobUrl(clip))).isStill).to.equal(false);
  });

  for (const [what, url] of [
    ['a video', '/test/assets/missing.webm'],
    ['an image', '/test/assets/missing.png'],
    ['something without an extension', '/test/assets/missing'],
  ] as const) {
    it(`rejects ${what} that is not there with source-fetch`, async () => {
      expect(await codeOf(openUrl(url))).to.equal('source-fetch');
    });
  }

  it('says what the server answered', async () => {
    expect(await messageOf(openUrl('/test/assets/missing.webm'))).to.include('answered 404');
  });

  it('rejects a server that nobody reaches with source-fetch', async () => {
    // Port 9 discards; Chromium does not even try.
    expect(await codeOf(openUrl('http://localhost:9/missing.webm'))).to.equal('source-fetch');
  });

  for (const [what, url] of [
    ['an undecodable file', '/test/assets/models/html.onnx'],
    ['an undecodable data: URL', 'data:image/png,nothing'],
  ] as const) {
    it(`rejects ${what} with source-decode`, async () => {
      expect(await codeOf(openUrl(url))).to.equal('source-decode');
    });
  }

  it('leaves the video empty when it could not open', async () => {
    const video = createEmptyVideo();
    await rejectionOf(openUrl('/test/assets/models/html.onnx', { video }));
    expect([video.hasAttribute('src'), video.error]).to.deep.equal([false, null]);
  });

  it('rejects an image of another origin with source-tainted', async () => {
    expect(await codeOf(openUrl(await createForeignUrl(pictureUrl)))).to.equal('source-tainted');
  });

  it('rejects with AbortError while a video loads', async () => {
    const abort = new AbortController();
    const call = openUrl(clipUrl, { signal: abort.signal });
    abort.abort();
    expect(await codeOf(call)).to.equal('AbortError');
  });

  it('leaves the video empty after an abort', async () => {
    const abort = new AbortController();
    const video = createEmptyVideo();
    const call = rejectionOf(openUrl(clipUrl, { signal: abort.signal, video }));
    abort.abort();
    await call;
    expect(video.hasAttribute('src')).to.equal(false);
  });

  it('opens an image Blob', async () => {
    const object = await createPng(40, 30);
    const source = await openRequest({ kind: 'object', object });
    expect([source.isStill, source.width]).to.deep.equal([true, 40]);
  });

  it('opens a video Blob', async () => {
    const object = await (await fetch(clipUrl)).blob();
    const source = await openRequest({ kind: 'object', object });
    expect([source.isStill, source.width]).to.deep.equal([false, 400]);
  });

  it('opens a stream', async () => {
    const source = await openRequest({ kind: 'object', object: openStream() });
    const { frame } = await captureFrom(source);
    // A canvas stream goes through YUV with half the colour resolution.
    expect(differenceFromPicture(frame)).to.be.at.most(8);
  });

  it("leaves the stream's tracks alive at close", async () => {
    const object = openStream();
    (await openRequest({ kind: 'object', object })).close();
    expect(object.getTracks().map(({ readyState }) => readyState)).to.deep.equal(['live']);
  });

  it("does not empty a video of the page's own at close", async () => {
    const element = await createVideo(seekableClipUrl);
    (await openRequest({ kind: 'element', element })).close();
    expect(element.readyState).to.be.at.least(element.HAVE_CURRENT_DATA);
  });

  it('rejects an object that is no source with option-invalid', async () => {
    const object = { width: 4 } as unknown as ImageBitmap;
    expect(await codeOf(openRequest({ kind: 'object', object }))).to.equal('option-invalid');
  });
});
