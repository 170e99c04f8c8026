/** What was found out about uploads on this adapter, kept for the next page. Without a cache nothing is kept. */

const cacheName = 'void-segmenter-uploads';

/** The way that was fastest for this kind of frame. */
export async function recallUpload(adapterName: string, kind: string): Promise<string | undefined> {
  if (!adapterName) return undefined;
  try {
    const cache = await caches.open(cacheName);
    return await (await cache.match(urlOf(adapterName, kind)))?.text();
  } catch {
    return undefined;
  }
}

/** Does not wait for it, and does not mind if it cannot be kept. */
export function rememberUpload(adapterName: string, kind: string, way: string): void {
  if (!adapterName) return;
  void Promise.resolve()
    .then(() => caches.open(cacheName))
    .then((cache) => cache.put(urlOf(adapterName, kind), new Response(way)))
    .catch(() => {});
}

/** A cache takes URLs only. Another version of the browser may do otherwise. */
function urlOf(adapterName: string, kind: string): string {
  const query = new URLSearchParams({ adapter: adapterName, kind, browser: navigator.userAgent });
  return `https://void-segmenter.invalid/upload?${query.toString()}`;
}
