'use client';

import { useRef, useState } from 'react';
import type { Effect, Mask, VoidSegmenterElement } from 'void-segmenter';
import { VoidSegmenter } from 'void-segmenter/react';

const effects: readonly Effect[] = ['replace', 'blur', 'mask'];

export function Talk() {
  const [effect, setEffect] = useState<Effect>('replace');
  const [isShown, setShown] = useState(true);
  const [share, setShare] = useState('?');
  const segmenter = useRef<VoidSegmenterElement>(null);

  const togglePlay = () => {
    const { current: element } = segmenter;
    if (element?.state === 'paused') void element.play();
    else element?.pause();
  };

  return (
    <>
      {isShown && (
        <VoidSegmenter
          ref={segmenter}
          src="/talk.webm"
          assetBase="/dist/void-segmenter/"
          effect={effect}
          background="seagreen"
          maskOutput="alpha"
          maskSize="model"
          autoplay
          muted
          loop
          onVoidMask={({ mask }) => setShare(personShare(mask))}
        />
      )}
      <p>
        <label>
          Effect{' '}
          <select value={effect} onChange={({ target }) => setEffect(target.value as Effect)}>
            {effects.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </p>
      <p>
        <label>
          <input
            type="checkbox"
            checked={isShown}
            onChange={({ target }) => setShown(target.checked)}
          />{' '}
          Show
        </label>{' '}
        <button onClick={togglePlay}>Pause or play</button>
      </p>
      <p>
        Person: <output>{share}</output>
      </p>
    </>
  );
}

function personShare({ data }: Mask): string {
  if (!data) return '?';
  const personPixels = data.filter((level) => level > 127).length;
  return `${Math.round((100 * personPixels) / data.length)} %`;
}
