/**
 * The bytes of a base64 `data:` URL (RFC 2397), which bundlers make of small files and a page's connect-src may forbid to fetch.
 *
 * @returns null for other URLs, and for what is no base64.
 */
export function decodeDataUrl(url: string): Uint8Array<ArrayBuffer> | null {
  const [head = ''] = /^data:[^,]*;base64,/i.exec(url) ?? [];
  if (!head) return null;
  try {
    return Uint8Array.from(atob(url.slice(head.length)), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
