import { expect } from '@open-wc/testing';

import { verifyIntegrity } from '../../src/inference/integrity.ts';
import { codeOf, messageOf } from '../helpers/promises.ts';

const abc = new TextEncoder().encode('abc');
/** The digests of `abc` in FIPS 180-4's examples. */
const sha256 = 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=';
const sha384 = 'sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn';
const sha512 =
  'sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==';
/** The digest of nothing, so of no file here. */
const wrong256 = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const wrong512 = sha512.replace('-3a81', '-4a81');

const url = 'https://example.com/model.onnx';

describe('verifyIntegrity', () => {
  for (const [what, metadata] of [
    ['no metadata', ''],
    ['nothing but spaces', ' \n '],
    ['the right sha256', sha256],
    ['the right sha384', sha384],
    ['the right sha512', sha512],
    ['spaces around the hash', `  ${sha256}\n`],
    ['one right hash of two of the same algorithm', `${wrong256} ${sha256}`],
    ['the right hash first of two', `${sha256} ${wrong256}`],
    ['a right strong hash beside a wrong weak one', `${wrong256} ${sha512}`],
    ['right hashes of every algorithm', `${sha256} ${sha384} ${sha512}`],
    [
      'a hash of an unknown algorithm beside the right one',
      `md5-kAFQmDzST7DWlj99KOF/cg== ${sha256}`,
    ],
    ['an option behind the hash', `${sha256}?ct=application/octet-stream`],
  ] as const) {
    it(`accepts ${what}`, async () => {
      await verifyIntegrity(abc, metadata, url);
    });
  }

  for (const [what, metadata] of [
    ['a wrong hash', wrong256],
    ['two wrong hashes', `${wrong256} ${wrong256}`],
    ['a wrong strong hash beside a right weak one', `${sha256} ${wrong512}`],
    ['a wrong strong hash before a right weak one', `${wrong512} ${sha256}`],
    ['nothing but an unknown algorithm', 'md5-kAFQmDzST7DWlj99KOF/cg=='],
    ['text that is no hash', 'trust me'],
    ['a digest in hexadecimal', `sha256-${'ba7816bf'.repeat(8)}`],
    ['the digest without its algorithm', sha256.slice('sha256-'.length)],
  ] as const) {
    it(`rejects ${what}`, async () => {
      expect(await codeOf(verifyIntegrity(abc, metadata, url))).to.equal('model-integrity');
    });
  }

  it('checks every byte', async () => {
    const changed = Uint8Array.from(abc, (byte, i) => (i === 2 ? byte ^ 1 : byte));
    expect(await codeOf(verifyIntegrity(changed, sha256, url))).to.equal('model-integrity');
  });

  it('checks the view, not the buffer behind it', async () => {
    const view = new TextEncoder().encode('[abc]').subarray(1, 4);
    await verifyIntegrity(view, sha256, url);
  });

  it('tells the right hash', async () => {
    expect(await messageOf(verifyIntegrity(abc, wrong256, url))).to.include(sha256);
  });

  it('tells the right hash in the strongest algorithm that was named', async () => {
    const message = await messageOf(verifyIntegrity(abc, `${wrong512} ${wrong256}`, url));
    expect(message).to.include(sha512);
  });

  it('tells which file it was', async () => {
    expect(await messageOf(verifyIntegrity(abc, wrong256, url))).to.include(url);
  });

  it('tells what a hash looks like when there is none', async () => {
    expect(await messageOf(verifyIntegrity(abc, 'trust me', url))).to.include('"sha256-…"');
  });
});
