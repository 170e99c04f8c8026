import type {} from 'void-segmenter/types/react';
import { useRef, type ReactElement } from 'react';
import type { VoidSegmenterElement } from 'void-segmenter';

export function Right(): ReactElement {
  const ref = useRef<VoidSegmenterElement>(null);
  return (
    <void-segmenter
      key="talk"
      ref={ref}
      className="talk"
      style={{ width: 640 }}
      src="talk.webm"
      srcObject={null}
      autoplay
      noRefine={false}
      blurRadius={20}
      threshold={0.4}
      classes={['hair', 2]}
      effect="blur"
      mask-output="alpha"
      max-fps="30"
      onClick={() => void ref.current?.play()}
      onvoid-mask={({ mask, timestampUs }) => console.log(mask.width, timestampUs.toFixed())}
      onvoid-error={({ error }) => console.error(error.code)}
    >
      <video src="talk.webm" />
      <h1 slot="behind">Behind the speaker</h1>
    </void-segmenter>
  );
}

/** What no checker sees: TypeScript takes any name with a hyphen. */
export const unchecked = <void-segmenter onvoid-msak={() => {}} mask-outptu="alpha" />;

export const wrong = [
  // @ts-expect-error -- an unknown effect
  <void-segmenter effect="sepia" />,
  // @ts-expect-error -- an unknown output, by attribute
  <void-segmenter mask-output="jpeg" />,
  // @ts-expect-error -- a property takes no text for a number
  <void-segmenter threshold="0.4" />,
  // @ts-expect-error -- not a number
  <void-segmenter blur-radius="wide" />,
  // @ts-expect-error -- no such property
  <void-segmenter maskoutput="alpha" />,
  // @ts-expect-error -- only to read
  <void-segmenter state="running" />,
  // @ts-expect-error -- a method
  <void-segmenter play={() => {}} />,
  // @ts-expect-error -- carried by another event
  <void-segmenter onvoid-mask={({ stats }) => console.log(stats)} />,
  // @ts-expect-error -- no such name: React listens to the event's own
  <void-segmenter onVoidMask={() => {}} />,
  // @ts-expect-error -- no such element
  <void-segmentr />,
];
