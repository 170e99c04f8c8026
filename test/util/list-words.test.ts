import { expect } from '@open-wc/testing';

import { listWords, type WordList } from '../../src/util/list-words.ts';

describe('listWords', () => {
  for (const [list, words] of [
    ['', []],
    [' , ', []],
    ['hair', ['hair']],
    ['hair,face-skin', ['hair', 'face-skin']],
    [' hair  face-skin, 4\n5 ', ['hair', 'face-skin', '4', '5']],
    [[], []],
    [
      ['body skin', 2],
      ['body skin', '2'],
    ],
    [null, []],
    [undefined, []],
    // What no type allows and a page may set all the same.
    [3, ['3']],
  ] as [WordList, string[]][]) {
    it(`takes ${JSON.stringify(list)}`, () => {
      expect(listWords(list)).to.deep.equal(words);
    });
  }
});
