import type { Plugin } from '@web/dev-server-core';

/** For a dev server that serves TypeScript and shaders. */
export function sourcePlugins(): Plugin[];
