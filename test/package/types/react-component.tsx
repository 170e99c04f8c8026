import { useRef, type ReactElement } from 'react';
import type { VoidSegmenterElement } from 'void-segmenter';
import { VoidSegmenter, type VoidSegmenterProps } from 'void-segmenter/react';

export function Right(props: VoidSegmenterProps): ReactElement {
  const ref = useRef<VoidSegmenterElement>(null);
  return (
    <VoidSegmenter
      {...props}
      key="talk"
      ref={ref}
      className="talk"
      style={{ width: 640 }}
      src="talk.webm"
      srcObject={null}
      autoplay
      noRefine={false}
      blurRadius={20}
      classes={['hair', 2]}
      effect="blur"
      onClick={() => void ref.current?.play()}
      onVoidMask={({ mask, timestampUs }) => console.log(mask.width, timestampUs.toFixed())}
      onVoidStateChange={({ state }) => console.log(state === 'running')}
      onVoidError={({ error }) => console.error(error.code)}
    >
      <h1 slot="behind">Behind the speaker</h1>
    </VoidSegmenter>
  );
}

export const wrong = [
  // @ts-expect-error -- an unknown effect
  <VoidSegmenter effect="sepia" />,
  // @ts-expect-error -- a property takes no text for a number
  <VoidSegmenter threshold="0.4" />,
  // @ts-expect-error -- no such property
  <VoidSegmenter maskoutput="alpha" />,
  // @ts-expect-error -- only to read
  <VoidSegmenter state="running" />,
  // @ts-expect-error -- a method
  <VoidSegmenter play={() => {}} />,
  // @ts-expect-error -- no such event
  <VoidSegmenter onVoidMsak={() => {}} />,
  // @ts-expect-error -- carried by another event
  <VoidSegmenter onVoidMask={({ stats }) => console.log(stats)} />,
  // @ts-expect-error -- takes a function
  <VoidSegmenter onVoidMask="log" />,
];
