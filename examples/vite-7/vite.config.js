import { defineConfig } from 'vite';

export default defineConfig({
  // The development server would bundle the package away from its workers.
  optimizeDeps: { exclude: ['void-segmenter'] },
});
