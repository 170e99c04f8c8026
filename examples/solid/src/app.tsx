import { createSignal, For, Show } from 'solid-js';
import type { Effect, MaskEvent, VoidSegmenterElement } from 'void-segmenter';

const effects: readonly Effect[] = ['replace', 'blur', 'mask'];

export function App() {
  const [effect, setEffect] = createSignal<Effect>('replace');
  const [isShown, setShown] = createSignal(true);
  const [share, setShare] = createSignal('?');
  let segmenter!: VoidSegmenterElement;

  const showShare = ({ mask: { data } }: MaskEvent) => {
    if (!data) return;
    const personPixels = data.filter((level) => level > 127).length;
    setShare(`${Math.round((100 * personPixels) / data.length)} %`);
  };

  const togglePlay = () => {
    if (segmenter.state === 'paused') void segmenter.play();
    else segmenter.pause();
  };

  return (
    <>
      <h1>Solid</h1>
      <Show when={isShown()}>
        <void-segmenter
          ref={segmenter}
          prop:src="/talk.webm"
          prop:effect={effect()}
          prop:background="seagreen"
          prop:maskOutput="alpha"
          prop:maskSize="model"
          prop:autoplay={true}
          prop:muted={true}
          prop:loop={true}
          on:void-mask={showShare}
        />
      </Show>
      <p>
        <label>
          Effect{' '}
          <select value={effect()} onChange={({ target }) => setEffect(target.value as Effect)}>
            <For each={effects}>{(name) => <option>{name}</option>}</For>
          </select>
        </label>
      </p>
      <p>
        <label>
          <input
            type="checkbox"
            checked={isShown()}
            onChange={({ target }) => setShown(target.checked)}
          />{' '}
          Show
        </label>{' '}
        <button onClick={togglePlay}>Pause or play</button>
      </p>
      <p>
        Person: <output>{share()}</output>
      </p>
    </>
  );
}
