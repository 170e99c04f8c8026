import { expect } from '@open-wc/testing';
import type { SegmenterError } from '../../src/index.ts';
import {
  createElement,
  createFigure,
  greenModel,
  nextEvent,
  removeElements,
  stateOf,
} from '../helpers/element.ts';

describe('camera, denied', () => {
  afterEach(removeElements);

  it('tells so on event and promise, and another source starts it again', async () => {
    const element = createElement({ backend: 'wasm', model: greenModel, camera: 'user' });
    const event = nextEvent(element, 'void-error');
    const error = await element.play().catch((reason: unknown) => reason as SegmenterError);
    expect((await event).error).to.equal(error);
    expect((await event).error.code).to.equal('camera-denied');
    expect((await event).error.message).to.match(/allowed|site settings/);
    expect(element.state).to.equal('failed');
    element.srcObject = await createFigure();
    await stateOf(element, 'running');
  });
});
