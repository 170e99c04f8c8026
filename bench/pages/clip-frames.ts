/**
 * Takes pictures out of a clip, spread over its length, as a camera would give them: in memory, in the decoder's format.
 * The caller closes them.
 */
export async function loadFrames(clipUrl: string, count: number): Promise<VideoFrame[]> {
  const video = document.createElement('video');
  video.muted = true;
  video.src = clipUrl;
  await waitFor(video, 'loadeddata');
  const frames: VideoFrame[] = [];
  for (let i = 0; i < count; i++) {
    video.currentTime = ((i + 0.5) / count) * video.duration;
    await waitFor(video, 'seeked');
    frames.push(await copyFrame(await takeFrame(video)));
  }
  video.src = '';
  return frames;
}

/** On a busy machine a video has sought before its picture is there. */
async function takeFrame(video: HTMLVideoElement): Promise<VideoFrame> {
  for (let attempt = 1; ; attempt++) {
    try {
      return new VideoFrame(video);
    } catch (error) {
      if (attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** A decoder has few pictures to lend, so each is copied; one that lives on a GPU is kept as it is. */
async function copyFrame(frame: VideoFrame): Promise<VideoFrame> {
  const { format, codedWidth, codedHeight, timestamp, colorSpace } = frame;
  if (format === null) return frame;
  try {
    const bytes = new Uint8Array(frame.allocationSize());
    const layout = await frame.copyTo(bytes);
    return new VideoFrame(bytes, {
      format,
      codedWidth,
      codedHeight,
      timestamp,
      layout,
      colorSpace: colorSpace.toJSON(),
    });
  } finally {
    frame.close();
  }
}

function waitFor(video: HTMLVideoElement, type: string): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener(type, () => resolve(), { once: true });
    const onError = (): void => reject(new Error(`The clip ${video.src} cannot be decoded.`));
    video.addEventListener('error', onError, { once: true });
  });
}
