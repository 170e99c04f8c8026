/** What was found out about this device, kept for the next page. Without a cache nothing is kept. */

const cacheName = 'void-segmenter-device';

/** What was kept under this topic for these circumstances. */
export async function recall(
  topic: string,
  circumstances: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  try {
    const cache = await caches.open(cacheName);
    return await (await cache.match(urlOf(topic, circumstances)))?.text();
  } catch {
    return undefined;
  }
}

/** Does not wait for it, and does not mind if it cannot be kept. */
export function remember(
  topic: string,
  circumstances: Readonly<Record<string, string>>,
  finding: string,
): void {
  void Promise.resolve()
    .then(() => caches.open(cacheName))
    .then((cache) => cache.put(urlOf(topic, circumstances), new Response(finding)))
    .catch(() => {});
}

/** A cache takes URLs only. Another version of the browser may do otherwise. */
function urlOf(topic: string, circumstances: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams({ ...circumstances, browser: navigator.userAgent });
  return `https://void-segmenter.invalid/${topic}?${query.toString()}`;
}
