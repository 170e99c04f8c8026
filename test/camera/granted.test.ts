import { expect } from '@open-wc/testing';
import {
  createElement,
  createFigure,
  greenModel,
  readPixels,
  removeElements,
  stateOf,
} from '../helpers/element.ts';

const options = { backend: 'wasm', model: greenModel, camera: 'user' } as const;

describe('camera, allowed', () => {
  const { mediaDevices } = navigator;
  const { getUserMedia } = mediaDevices;
  /** What pages were given. */
  let streams: MediaStream[] = [];

  before(() => {
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia.call(mediaDevices, constraints);
      streams.push(stream);
      return stream;
    };
  });
  afterEach(() => {
    removeElements();
    streams = [];
  });
  after(() => (mediaDevices.getUserMedia = getUserMedia));

  /** For what would open a camera to do so. */
  const grace = () => new Promise((resolve) => setTimeout(resolve, 300));

  it('opens on play(), not before, and is let go on removal', async () => {
    const element = createElement(options);
    await element.updateComplete;
    await grace();
    expect(streams).to.have.length(0);
    expect(element.state).to.equal('idle');
    await element.play();
    expect(element.state).to.equal('running');
    const image = await readPixels(element);
    expect(image.width).to.be.greaterThan(0);
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(streams.map((stream) => stream.getVideoTracks()[0]?.readyState)).to.deep.equal([
      'ended',
    ]);
  });

  it('stays closed after another source was played, until play() is called for it', async () => {
    const element = createElement({ ...options, srcObject: await createFigure() });
    await element.play();
    element.srcObject = null;
    await element.updateComplete;
    await grace();
    expect(streams).to.have.length(0);
    expect(element.state).to.equal('idle');

    await element.play();
    expect(streams).to.have.length(1);
    element.camera = null;
    await stateOf(element, 'idle');
    expect(streams[0]?.getVideoTracks()[0]?.readyState).to.equal('ended');
    element.camera = 'user';
    await element.updateComplete;
    await grace();
    expect(streams).to.have.length(1);
  });

  it('opens by itself with autoplay', async () => {
    const element = createElement({ ...options, autoplay: true });
    await stateOf(element, 'running');
  });
});
