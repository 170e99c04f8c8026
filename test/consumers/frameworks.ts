import type { Consumer } from './consumer.ts';

const vite = (port: number): string => `vite --port ${port} --strictPort`;
const viteApp = { types: 'types', dev: vite, output: 'dist' } as const;

/** Apps made with frameworks, and one without. */
export const frameworks: readonly Consumer[] = [
  { name: 'html', output: '.', webgpu: true },
  { name: 'react-19', ...viteApp },
  { name: 'react-18', ...viteApp },
  { name: 'vue-3', ...viteApp },
  // Its build checks types.
  { name: 'angular', dev: (port) => `ng serve --port ${port}`, output: 'dist' },
  { name: 'svelte-5', ...viteApp },
  { name: 'solid', ...viteApp },
  {
    name: 'next',
    dev: (port) => `npm run dev -- --port ${port}`,
    start: (port) => `next start --port ${port}`,
    isStill: true,
  },
];
