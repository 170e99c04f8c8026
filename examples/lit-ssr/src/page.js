import { html } from '@lit-labs/ssr';

export const page = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>void-segmenter rendered by @lit-labs/ssr</title>
      <link rel="icon" href="data:," />
      <style>
        void-segmenter {
          width: 400px;
          aspect-ratio: 4 / 3;
        }
      </style>
      <script type="module" src="dist/client.js"></script>
    </head>
    <body>
      <h1>@lit-labs/ssr</h1>
      <div>
        <void-segmenter
          src="talk.webm"
          asset-base="void-segmenter/"
          effect="replace"
          background="seagreen"
          mask-output="alpha"
          mask-size="model"
          autoplay
          muted
          loop
        ></void-segmenter>
      </div>
      <p>
        <label>
          Effect
          <select>
            <option>replace</option>
            <option>blur</option>
            <option>mask</option>
          </select>
        </label>
      </p>
      <p>
        <label><input type="checkbox" checked /> Show</label>
        <button>Pause or play</button>
      </p>
      <p>Person: <output>?</output></p>
    </body>
  </html>`;
