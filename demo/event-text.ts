import type {
  BackendChangeEvent,
  LoadProgressEvent,
  ReadyEvent,
  SegmenterErrorEvent,
  StateChangeEvent,
} from '../src/index.ts';

/** Events that come now and then; masks and numbers come all the time and are only counted. */
export const rareEvents = [
  'void-state-change',
  'void-progress',
  'void-ready',
  'void-backend-change',
  'void-error',
] as const;

/** An event of the log. */
export type RareEvent =
  StateChangeEvent | LoadProgressEvent | ReadyEvent | BackendChangeEvent | SegmenterErrorEvent;

/** Says what an event carries, in a line. */
export function describeEvent(event: RareEvent): string {
  if ('error' in event) return `${event.error.code}: ${event.error.message}`;
  if ('reason' in event) return `${event.from} → ${event.to}: ${event.reason}`;
  if ('model' in event) return `${event.model} on ${event.backend}`;
  if ('asset' in event) return `${event.asset} ${formatProgress(event.loaded, event.total)}`;
  return `${event.previous} → ${event.state}`;
}

/** Bytes in words, as far as they are known. */
export function formatProgress(loadedBytes: number, totalBytes: number): string {
  if (totalBytes <= 0) return formatBytes(loadedBytes);
  return `${formatBytes(loadedBytes)} of ${formatBytes(totalBytes)}`;
}

function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
