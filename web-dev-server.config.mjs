import { isolate, serveRanges } from './tools/server-middleware.mjs';
import { sourcePlugins } from './tools/source-plugins.mjs';

const { ISOLATED, PORT } = process.env;

function redirectToDemo(context, next) {
  if (context.path !== '/') return next();
  context.redirect('/demo/');
}

/** Serves the demo from the sources. `PORT` names a port, `ISOLATED=1` makes pages cross-origin isolated. */
export default {
  rootDir: '.',
  appIndex: 'demo/index.html',
  open: false,
  ...(PORT ? { port: Number(PORT) } : {}),
  nodeResolve: { exportConditions: ['browser', 'development'] },
  plugins: sourcePlugins(),
  middleware: [redirectToDemo, serveRanges, ...(ISOLATED === '1' ? [isolate] : [])],
};
