/** Shaders are imported as text; dev server, test runner and rollup all load them so. */
declare module '*.wgsl' {
  const code: string;
  export default code;
}

declare module '*.glsl' {
  const code: string;
  export default code;
}
