import { build } from 'esbuild';

/** Bundles a script for the page. What it imports by URL stays a URL. */
export async function bundlePage(entry: string, format: 'esm' | 'iife' = 'esm'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format,
    target: 'es2022',
    loader: { '.wgsl': 'text', '.glsl': 'text' },
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
