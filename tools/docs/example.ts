import { escapeHtml } from './html.ts';
import { rootFrom } from './links.ts';

/** A piece of HTML that the reader sees, and that runs as a page of its own. */
export interface Example {
  /** Of its page, from the root of the site, without `.html`: `examples/api/events/void-mask`. */
  readonly path: string;
  readonly title: string;
  readonly code: string;
  /** Whether it waits for a button, because it asks for something or takes long. */
  readonly needsButton: boolean;
  /** Value of the frame's `allow`. */
  readonly allow: string;
}

/**
 * Reads what follows the language of a fenced block.
 *
 * - `live`: the block runs on the page;
 * - `button`: not before a button is pressed;
 * - `deny-camera`: in a frame that may not use the camera.
 */
export function readExample(
  words: readonly string[],
  title: string,
  path: string,
  code: string,
): Example | null {
  if (!words.includes('live')) return null;
  return {
    path,
    title,
    code,
    needsButton: words.includes('button'),
    allow: words.includes('deny-camera') ? "camera 'none'" : '',
  };
}

const style = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { margin: 0; padding: 1rem;
    background: repeating-conic-gradient(light-dark(#fff, #1b1e22) 0 25%, light-dark(#e6e9ec, #121417) 0 50%) 0 0 / 24px 24px; }
  output { display: block; margin-top: 0.5rem; padding: 0.5rem; white-space: pre-wrap; overflow-wrap: anywhere;
    background: light-dark(#fff, #000); font: 0.8125rem/1.5 ui-monospace, monospace; }
  button, select, input, label { font: inherit; margin: 0 0.25rem 0.5rem 0; }
  label { display: inline-block; padding: 0 0.25rem; background: light-dark(#fff, #000); }
  p { margin: 0 0 0.5rem; }
`;

/** The page of an example: the script tag, a few styles, and the piece as it is. */
export function renderExample({ path, title, code }: Example): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<base href="${rootFrom(path)}" />
<title>${escapeHtml(title)}</title>
<link rel="icon" href="mark.svg" />
<style>${style}</style>
<script type="module" src="void-segmenter/void-segmenter.min.js"></script>

${code}
</html>
`;
}
