import { download, type DownloadOptions } from './download.ts';

/** A file to get from the network. */
export interface FileRequest<T> extends Omit<DownloadOptions, 'known' | 'tries' | 'patienceMs'> {
  readonly url: string;
  /** Makes of the bytes what the caller wants. */
  readonly accept: (bytes: Uint8Array<ArrayBuffer>) => T | Promise<T>;
}

/** Rejects as {@link download} does, and with what `accept` throws. */
export async function fetchFile<T>(request: FileRequest<T>): Promise<T> {
  return request.accept((await download(request.url, { ...request, tries: 5 })).bytes);
}
