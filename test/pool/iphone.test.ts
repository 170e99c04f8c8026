import { expect } from '@open-wc/testing';

import type { VoidSegmenterElement } from '../../src/index.ts';
import {
  createElement,
  createFigure,
  greenModel,
  removeElements,
  stateOf,
} from '../helpers/element.ts';
import { pretendIphone } from '../helpers/iphone.ts';

/** What the page tells its render worker of the others while it loads a model. */
async function watchLoad(workers: VoidSegmenterElement['workers']): Promise<unknown> {
  const { postMessage } = Worker.prototype;
  const told: unknown[] = [];
  Worker.prototype.postMessage = function (this: Worker, message: unknown, transfer: unknown) {
    const { type, params } = message as { type: string; params: Record<string, unknown> };
    if (type === 'load' && 'workers' in params) told.push([params['workers'], params['threads']]);
    postMessage.call(this, message, transfer as never);
  };
  try {
    const srcObject = await createFigure();
    const element = createElement({ backend: 'wasm', model: greenModel, srcObject, workers });
    await stateOf(element, 'running');
    return told;
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
}

describe('on an iPhone', () => {
  let restore: () => void;

  before(() => (restore = pretendIphone()));

  after(() => restore());

  afterEach(removeElements);

  it('one worker with one thread runs the model', async () => {
    expect(await watchLoad('auto')).to.deep.equal([[1, 1]]);
  });

  it('there are as many workers as the page says', async () => {
    expect(await watchLoad(2)).to.deep.equal([[2, 1]]);
  });
});
