import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';

/** Serves TypeScript and WGSL sources to a browser without a build; shared by dev server and test runner. */
export function sourcePlugins() {
  return [
    esbuildPlugin({
      ts: true,
      loaders: { '.wgsl': 'text', '.glsl': 'text' },
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)),
    }),
  ];
}
