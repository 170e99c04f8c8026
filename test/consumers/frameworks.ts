import type { Consumer } from './consumer.ts';

/** Apps made with frameworks, and one without. */
export const frameworks: readonly Consumer[] = [{ name: 'html', output: '.', webgpu: true }];
