import { expect } from '@open-wc/testing';
import {
  createElement,
  greenModel,
  readPixels,
  removeElements,
  stateOf,
} from '../helpers/element.ts';

const options = { backend: 'wasm', model: greenModel, camera: 'user' } as const;

describe('camera, allowed', () => {
  afterEach(removeElements);

  it('opens on play(), not before, and is let go on removal', async () => {
    const { mediaDevices } = navigator;
    const { getUserMedia } = mediaDevices;
    const streams: MediaStream[] = [];
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia.call(mediaDevices, constraints);
      streams.push(stream);
      return stream;
    };
    try {
      const element = createElement(options);
      await element.updateComplete;
      await new Promise((resolve) => setTimeout(resolve, 300));
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
    } finally {
      mediaDevices.getUserMedia = getUserMedia;
    }
  });

  it('opens by itself with autoplay', async () => {
    const element = createElement({ ...options, autoplay: true });
    await stateOf(element, 'running');
  });
});
