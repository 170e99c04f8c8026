/** An app in `examples/` that uses the package, and how to run it. All show the same: see `visit-app.ts`. */
export interface Consumer {
  /** Folder in `examples/`. */
  readonly name: string;
  /** The package.json script that checks types, if the app has types. */
  readonly types?: string;
  /** Command that starts the development server on a port. */
  readonly dev?: (port: number) => string;
  /** Command that serves what `npm run build` made; for apps that any static server can serve, `output`. */
  readonly start?: (port: number) => string;
  /** Folder with the files to serve, made by `npm run build` if there is such a script. */
  readonly output?: string;
  /** Whether the WebGPU worker is tried as well, beside the one of WebAssembly. Default: false. */
  readonly webgpu?: boolean;
  /** Whether nothing may move on the page from its HTML to its picture. Default: false. */
  readonly isStill?: boolean;
}
