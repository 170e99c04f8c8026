/** Makes the browser's caches fail in one way, until the function that is returned is called. */
export function breakCaches(
  method: 'open' | 'put',
  error = new DOMException('Refused by the test.', 'SecurityError'),
): () => void {
  const target = (method === 'open' ? CacheStorage : Cache).prototype;
  const original = Object.getOwnPropertyDescriptor(target, method);
  Object.defineProperty(target, method, { ...original, value: () => Promise.reject(error) });
  return () => Object.defineProperty(target, method, original ?? {});
}
