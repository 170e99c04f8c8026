/** Returns the path of a Chrome or Chromium: `CHROME_PATH`, else the usual places; undefined if there is none. */
export function findChrome(): string | undefined;
