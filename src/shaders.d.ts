/** WGSL files are imported as text; dev server, test runner and rollup all load them so. */
declare module '*.wgsl' {
  const code: string;
  export default code;
}
