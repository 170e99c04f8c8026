import { fileURLToPath } from 'node:url';

export default {
  entry: './src/main.js',
  output: { path: fileURLToPath(new URL('public/dist', import.meta.url)), clean: true },
  devServer: { static: 'public', devMiddleware: { publicPath: '/dist/' } },
  performance: { hints: false },
};
