import { expect, waitUntil } from '@open-wc/testing';
import {
  clipUrl,
  createElement,
  createFigure,
  greenModel,
  nextEvent,
  readPixels,
  removeElements,
  stateOf,
} from '../helpers/element.ts';
import { createStream } from '../helpers/streams.ts';
import { createVideo, mediaEvent, removeVideos, seek, seekableClipUrl } from '../helpers/videos.ts';
import { countWorkers } from '../helpers/worker-count.ts';

const options = { backend: 'wasm', model: greenModel } as const;

describe('lifecycle', () => {
  afterEach(removeElements);

  it('goes from idle through loading and running to paused', async () => {
    const element = createElement(options);
    const states = [element.state];
    element.addEventListener('void-state-change', ({ state, previous }) => {
      expect(previous).to.equal(states.at(-1));
      states.push(state);
    });
    element.muted = true;
    element.src = clipUrl;
    await element.play();
    expect(element.matches(':state(running)')).to.equal(true);
    element.pause();
    await stateOf(element, 'paused');
    // The clip's first frame is shown before play() has begun, or it is not.
    expect(states.filter((state) => state !== 'paused')).to.deep.equal([
      'idle',
      'loading',
      'running',
    ]);
    expect(element.matches(':state(paused)')).to.equal(true);
    expect(element.matches(':state(running)')).to.equal(false);
  });

  describe('play()', () => {
    const errors: string[] = [];
    const tell = ({ type }: Event): number => errors.push(type);
    beforeEach(() => document.addEventListener('void-error', tell));
    afterEach(() => {
      document.removeEventListener('void-error', tell);
      removeVideos();
      errors.length = 0;
    });

    /** How the promise ends. */
    const outcomeOf = (promise: Promise<void>): Promise<string> =>
      promise.then(
        () => 'resolved',
        (error: unknown) => (error as Error).name,
      );

    it('is called off by pause(), also before the source is open', async () => {
      const element = createElement({ ...options, src: clipUrl, muted: true, autoplay: true });
      await element.updateComplete;
      const outcome = outcomeOf(element.play());
      element.pause();
      expect(await outcome).to.equal('AbortError');
      await stateOf(element, 'paused');
      expect((element.media as HTMLVideoElement).paused).to.equal(true);
      expect(errors).to.deep.equal([]);
    });

    it('is not taken up by the next source once it was called off', async () => {
      const element = createElement({ ...options, src: clipUrl, muted: true });
      await element.updateComplete;
      const outcome = outcomeOf(element.play());
      await Promise.resolve();
      await Promise.resolve();
      element.pause();
      element.src = seekableClipUrl;
      expect(await outcome).to.equal('AbortError');
      await stateOf(element, 'paused');
      expect((element.media as HTMLVideoElement).src).to.equal(seekableClipUrl);
      const again = outcomeOf(element.play());
      await Promise.resolve();
      element.pause();
      expect(await outcomeOf(element.play())).to.equal('resolved');
      expect(await again).to.equal('AbortError');
      expect(element.state).to.equal('running');
      expect(errors).to.deep.equal([]);
    });

    it('is not asked for anew by a source that follows a paused one with autoplay', async () => {
      const element = createElement({ ...options, src: clipUrl, muted: true, autoplay: true });
      await stateOf(element, 'running');
      element.effect = 'blur';
      element.pause();
      await stateOf(element, 'paused');
      element.src = seekableClipUrl;
      await stateOf(element, 'running');
    });

    it('is called off when the source is taken away, or the element', async () => {
      const element = createElement({ ...options, src: clipUrl, muted: true });
      const first = outcomeOf(element.play());
      await element.updateComplete;
      element.src = '';
      expect(await first).to.equal('AbortError');
      element.src = clipUrl;
      const second = outcomeOf(element.play());
      await element.updateComplete;
      element.remove();
      expect(await second).to.equal('AbortError');
      expect(errors).to.deep.equal([]);
    });

    it('goes on with a source that takes the place of one that opens', async () => {
      const element = createElement({ ...options, src: clipUrl, muted: true });
      const outcome = outcomeOf(element.play());
      await element.updateComplete;
      Object.assign(element, { src: '', srcObject: await createFigure() });
      expect(await outcome).to.equal('resolved');
      expect(element.state).to.equal('running');
      expect(errors).to.deep.equal([]);
    });

    it('settles with a clip that is paused or over before the model is there', async () => {
      const video = await createVideo(seekableClipUrl);
      const element = createElement(options);
      element.append(video);
      const paused = outcomeOf(element.play());
      await mediaEvent(video, 'playing');
      video.pause();
      expect(await paused).to.equal('AbortError');

      await seek(video, video.duration - 0.1);
      element.model = 'selfie';
      await element.updateComplete;
      expect(await outcomeOf(element.play())).to.equal('resolved');
      expect(errors).to.deep.equal([]);
    });
  });

  it('shows the first frame of a video that is not played', async () => {
    const element = createElement({ ...options, src: clipUrl, effect: 'none' });
    await stateOf(element, 'paused');
    const image = await readPixels(element);
    expect([image.width, image.height]).to.deep.equal([400, 300]);
  });

  it('takes the size of its source, 300x150 before', async () => {
    const element = createElement(options);
    await element.updateComplete;
    const size = (): number[] => {
      const { width, height } = element.getBoundingClientRect();
      return [width, height];
    };
    expect(size()).to.deep.equal([300, 150]);
    element.srcObject = await createFigure(120, 90);
    await stateOf(element, 'running');
    await element.updateComplete;
    expect(size()).to.deep.equal([120, 90]);
    element.style.width = '60px';
    expect(size(), 'keeps the aspect ratio').to.deep.equal([60, 45]);
  });

  it('follows a source that changes its size', async () => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    const draw = (width: number, height: number): void => {
      canvas.width = width;
      canvas.height = height;
      if (context) context.fillStyle = '#00f000';
      context?.fillRect(0, 0, width, height);
    };
    draw(64, 48);
    const element = createElement({ ...options, srcObject: canvas });
    await stateOf(element, 'running');
    draw(48, 64);
    let image = await readPixels(element);
    while (image.width !== 48) image = await readPixels(element);
    expect(image.height).to.equal(64);
    await element.updateComplete;
    expect(element.getBoundingClientRect().width).to.equal(48);
  });

  it('does not start again when it is moved in the document', async () => {
    const element = createElement({ ...options, srcObject: await createFigure() });
    await stateOf(element, 'running');
    let events = 0;
    for (const name of ['void-ready', 'void-state-change'] as const) {
      element.addEventListener(name, () => events++);
    }
    const box = document.createElement('div');
    document.body.append(box);
    box.append(element);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(events).to.equal(0);
    expect(element.state).to.equal('running');
    box.remove();
  });

  it('frees its workers within a second of being removed, and starts again when it comes back', async () => {
    const workers = countWorkers();
    try {
      const element = createElement({ ...options, srcObject: await createFigure() });
      await stateOf(element, 'running');
      expect(workers.alive.size).to.equal(2);
      element.remove();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect(workers.alive.size).to.equal(0);
      expect(element.state).to.equal('idle');
      element.effect = 'blur';
      await element.updateComplete;
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(workers.alive.size, 'once something is set').to.equal(0);
      expect(element.state).to.equal('idle');
      document.body.append(element);
      await stateOf(element, 'running');
    } finally {
      workers.restore();
    }
  });

  it('leaves nothing behind when it is removed while loading', async () => {
    const workers = countWorkers();
    try {
      const element = createElement({ ...options, src: clipUrl });
      await stateOf(element, 'loading');
      element.remove();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect(workers.alive.size).to.equal(0);
    } finally {
      workers.restore();
    }
  });

  it('runs two on one page, each with workers of its own', async () => {
    const workers = countWorkers();
    try {
      const first = createElement({ ...options, srcObject: await createFigure() });
      const second = createElement({ ...options, srcObject: await createFigure(80, 60) });
      await Promise.all([stateOf(first, 'running'), stateOf(second, 'running')]);
      expect(workers.alive.size).to.equal(4);
      const [a, b] = await Promise.all([readPixels(first), readPixels(second)]);
      expect([a.width, b.width]).to.deep.equal([64, 80]);
    } finally {
      workers.restore();
    }
  });

  it('takes slotted video, image and canvas as source', async () => {
    const video = document.createElement('video');
    video.src = clipUrl;
    video.muted = true;
    const withVideo = createElement({ ...options, autoplay: true }, [video]);
    await stateOf(withVideo, 'running');
    expect(withVideo.media).to.equal(video);
    withVideo.remove();

    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 48;
    const context = canvas.getContext('2d');
    context?.drawImage(await createFigure(), 0, 0);
    const image = new Image();
    image.src = canvas.toDataURL();
    const withImage = createElement(options, [image]);
    await stateOf(withImage, 'running');
    expect((await readPixels(withImage)).width).to.equal(64);
    withImage.style.width = '200px';
    expect(withImage.offsetHeight).to.equal(150);
    context?.clearRect(0, 0, 64, 48);
    canvas.height = 32;
    image.src = canvas.toDataURL();
    await waitUntil(() => withImage.offsetHeight === 100, 'it takes the new shape');

    const withCanvas = createElement(options, [canvas]);
    await stateOf(withCanvas, 'running');
    expect((await readPixels(withCanvas)).width).to.equal(64);
  });

  it('takes an image by URL, whatever its ending', async () => {
    const canvas = new OffscreenCanvas(64, 48);
    canvas.getContext('2d')?.drawImage(await createFigure(), 0, 0);
    const src = URL.createObjectURL(await canvas.convertToBlob());
    const element = createElement({ ...options, src });
    await stateOf(element, 'running');
    expect((await readPixels(element)).width).to.equal(64);
    URL.revokeObjectURL(src);
  });

  it('takes files and streams', async () => {
    const file = await (await fetch(clipUrl)).blob();
    const element = createElement({ ...options, srcObject: file, muted: true });
    await element.play();
    expect((await readPixels(element)).width).to.equal(400);

    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 48;
    canvas.getContext('2d')?.drawImage(await createFigure(), 0, 0);
    const stream = createStream(canvas);
    element.srcObject = stream;
    await stateOf(element, 'loading');
    await stateOf(element, 'running');
    expect((await readPixels(element)).width).to.equal(64);
    expect(stream.getVideoTracks()[0]?.readyState).to.equal('live');
    const [track] = stream.getVideoTracks();
    if (!track) throw new Error('the canvas gave no track');
    element.srcObject = track;
    await stateOf(element, 'loading');
    await stateOf(element, 'running');
    track.stop();
  });

  it('shows the newest of sources that follow each other at once', async () => {
    const element = createElement({ ...options, src: clipUrl });
    await stateOf(element, 'loading');
    element.src = `${clipUrl}?again`;
    await element.updateComplete;
    element.src = `${clipUrl}?and-again`;
    await stateOf(element, 'paused');
    expect((element.media as HTMLVideoElement).src).to.contain('and-again');
    expect((await readPixels(element)).width).to.equal(400);
  });

  it('keeps to max-fps', async () => {
    const element = createElement({
      ...options,
      src: clipUrl,
      muted: true,
      loop: true,
      maxFps: 5,
    });
    await element.play();
    const { mediaTime: from, frames: framesFrom } = progress();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const { mediaTime: to, frames: framesTo } = progress();
    // Five a second is the most; how many fewer depends on the machine.
    expect(framesTo - framesFrom).to.be.at.most(5 * (to - from) + 2);
    expect(framesTo - framesFrom).to.be.greaterThan(0);

    function progress(): { mediaTime: number; frames: number } {
      return { mediaTime: performance.now() / 1000, frames: element.getStats().shownFrames };
    }
  });

  it('shows the last picture of what stands still, whatever max-fps says', async () => {
    const canvas = document.createElement('canvas');
    const image = new Image();
    image.src = canvas.toDataURL();
    const element = createElement({ ...options, maxFps: 0.01 }, [image]);
    await stateOf(element, 'running');
    canvas.width = 32;
    image.src = canvas.toDataURL();
    await waitUntil(async () => (await readPixels(element)).width === 32, 'the second picture');
  });

  it('reports how it runs', async () => {
    const element = createElement({ ...options, src: clipUrl, muted: true, loop: true });
    const stats = nextEvent(element, 'void-stats');
    await element.play();
    expect((await stats).stats.backend).to.equal('wasm');
    const second = (await nextEvent(element, 'void-stats')).stats;
    expect(second.fps).to.be.greaterThan(0);
    expect(second.inferenceMs).to.be.greaterThan(0);
    expect(second.frameMs).to.be.at.least(second.inferenceMs);
    expect(second.stages.uploadMs).to.be.greaterThan(0);
    expect(second.latencyMs).to.be.at.least(second.frameMs / 2);
    expect(second.latencyMs).to.be.at.most(60_000);
    expect(second.captureMs).to.be.greaterThan(0);
    expect(second.renderer).to.equal('2d');
  });
});
