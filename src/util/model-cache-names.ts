/** The browser's caches that keep model files: the files themselves, and when each was used. */
export const modelCacheNames = {
  files: 'void-segmenter-models',
  uses: 'void-segmenter-model-uses',
} as const;
