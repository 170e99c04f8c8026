import type { Consumer } from './consumer.ts';

const vite = (port: number): string => `vite --port ${port} --strictPort`;

/** The same page, without a framework, by each bundler. */
export const bundlers: readonly Consumer[] = [
  { name: 'vite-8', dev: vite, output: 'dist', webgpu: true },
  { name: 'vite-7', dev: vite, output: 'dist', webgpu: true },
  {
    name: 'webpack-5',
    dev: (port) => `webpack serve --mode development --port ${port}`,
    output: 'public',
    webgpu: true,
  },
  {
    name: 'parcel',
    dev: (port) => `parcel index.html --port ${port}`,
    output: 'dist',
    webgpu: true,
  },
  { name: 'rollup', output: 'public', webgpu: true },
  {
    name: 'esbuild',
    // A server that does not watch ends with its input.
    dev: (port) => `npm run dev -- --serve=localhost:${port} --watch=forever`,
    output: 'public',
    webgpu: true,
  },
];
