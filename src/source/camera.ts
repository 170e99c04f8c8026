import { SegmenterError } from '../errors.ts';

/** Which camera. */
export type FacingMode = 'user' | 'environment';

/** Asks for the camera. The caller stops the tracks. Rejects with `camera-denied` or `camera-missing`. */
export async function openCamera(
  facingMode: FacingMode,
  signal: AbortSignal,
): Promise<MediaStream> {
  // Missing outside secure contexts.
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  if (!mediaDevices) {
    throw new SegmenterError('unsupported', 'Cameras need a secure context: HTTPS, or localhost.');
  }
  let stream: MediaStream;
  try {
    stream = await mediaDevices.getUserMedia({ video: { facingMode } });
  } catch (error) {
    signal.throwIfAborted();
    throw explainCameraError(error);
  }
  if (signal.aborted) stopTracks(stream);
  signal.throwIfAborted();
  return stream;
}

/** Ends every track, which also turns the camera's light off. */
export function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function explainCameraError(error: unknown): SegmenterError {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return new SegmenterError(
      'camera-denied',
      'The camera was not allowed. The visitor can allow it in the browser\'s site settings; a frame needs allow="camera". Then call play() again.',
      { cause: error },
    );
  }
  const message =
    name === 'NotReadableError'
      ? 'The camera is in use by another program. Close that and call play() again.'
      : 'There is no camera. Connect one and call play() again, or use another source.';
  return new SegmenterError('camera-missing', message, { cause: error });
}
