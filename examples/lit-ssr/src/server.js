import { RenderResultReadable } from '@lit-labs/ssr/lib/render-result-readable.js';
import { render } from '@lit-labs/ssr';
import express from 'express';
import 'void-segmenter';
import { page } from './page.js';

const app = express();
app.get('/', (_request, response) => {
  response.type('html');
  new RenderResultReadable(render(page)).pipe(response);
});
app.use('/void-segmenter', express.static('node_modules/void-segmenter/dist'));
app.use(express.static('public'));
app.listen(process.env.PORT ?? 3000);
