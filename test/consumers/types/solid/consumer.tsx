import 'void-segmenter';
import { createSignal, type JSX } from 'solid-js';
import type { Effect, VoidSegmenterElement } from 'void-segmenter';

export function Right(): JSX.Element {
  const [effect] = createSignal<Effect>('blur');
  let element!: VoidSegmenterElement;
  return (
    <void-segmenter
      ref={element}
      class="talk"
      style={{ width: '640px' }}
      src="talk.webm"
      autoplay
      no-refine={false}
      threshold="0.4"
      blur-radius={20}
      effect={effect()}
      mask-output="alpha"
      prop:srcObject={null}
      prop:classes={['hair', 2]}
      onClick={() => void element.play()}
      on:void-mask={({ mask, timestampUs }) => console.log(mask.width, timestampUs.toFixed())}
      on:void-error={({ error }) => console.error(error.code)}
    >
      <h1 slot="behind">Behind the speaker</h1>
    </void-segmenter>
  );
}

/** What no checker sees: TypeScript takes any name with a hyphen. */
export const unchecked = <void-segmenter mask-outptu="alpha" on:void-msak={() => {}} />;

export const wrong = [
  // @ts-expect-error -- an unknown effect
  <void-segmenter effect="sepia" />,
  // @ts-expect-error -- an unknown output
  <void-segmenter mask-output="jpeg" />,
  // @ts-expect-error -- not a number
  <void-segmenter threshold="high" />,
  // @ts-expect-error -- Solid writes it into HTML, where it is no attribute
  <void-segmenter maskOutput="alpha" />,
  // @ts-expect-error -- a property takes no text for a number
  <void-segmenter prop:threshold="0.4" />,
  // @ts-expect-error -- no such property
  <void-segmenter prop:maskOutptu="alpha" />,
  // @ts-expect-error -- only to read
  <void-segmenter prop:state="running" />,
  // @ts-expect-error -- carried by another event
  <void-segmenter on:void-mask={({ stats }) => console.log(stats)} />,
  // @ts-expect-error -- no such element
  <void-segmentr />,
];
