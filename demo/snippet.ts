/** The attributes that reproduce what the demo shows; undefined or empty ones are left out. */
export interface SnippetOptions {
  /** URL, or undefined for a source that HTML cannot name. */
  readonly src: string | undefined;
  readonly camera: boolean;
  /** Attribute names and values other than the defaults. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Writes the HTML that a page author would paste. */
export function writeSnippet({ src, camera, attributes }: SnippetOptions): string {
  const source = camera ? ['camera'] : [`src="${escapeAttribute(src ?? 'your-video.webm')}"`];
  const others = Object.entries(attributes).map(
    ([name, value]) => `${name}="${escapeAttribute(value)}"`,
  );
  const play = camera ? ['autoplay'] : ['autoplay', 'muted', 'loop'];
  const lines = [...source, ...others, play.join(' ')].map((line) => `  ${line}`);
  return [
    '<script type="module" src="void-segmenter.min.js"></script>',
    '',
    '<void-segmenter',
    ...lines,
    '></void-segmenter>',
  ].join('\n');
}

function escapeAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
