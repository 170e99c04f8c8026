import { recall, remember } from '../util/device-memory.ts';

/** The way to upload that was fastest for this kind of frame on this adapter. */
export async function recallUpload(adapterName: string, kind: string): Promise<string | undefined> {
  return adapterName ? recall('upload', { adapter: adapterName, kind }) : undefined;
}

/** Without a name nothing is kept. */
export function rememberUpload(adapterName: string, kind: string, way: string): void {
  if (adapterName) remember('upload', { adapter: adapterName, kind }, way);
}
