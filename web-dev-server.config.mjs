import { sourcePlugins } from './tools/source-plugins.mjs';

const isolated = process.env.ISOLATED === '1';

export default {
  rootDir: '.',
  appIndex: 'demo/index.html',
  open: false,
  port: Number(process.env.PORT ?? 8000),
  nodeResolve: { exportConditions: ['browser', 'development'] },
  plugins: sourcePlugins(),
  middleware: isolated
    ? [
        (context, next) => {
          context.set('Cross-Origin-Opener-Policy', 'same-origin');
          context.set('Cross-Origin-Embedder-Policy', 'require-corp');
          return next();
        },
      ]
    : [],
};
