/**
 * Switches with which Chromium runs everything on the CPU, WebGPU and presented WebGPU canvases included.
 * Without the Vulkan ones the GPU process dies once a WebGPU canvas is presented; with
 * `--disable-vulkan-surface` such a canvas is transparent.
 */
export const softwareGpuFlags = [
  '--no-sandbox',
  '--disable-gpu-sandbox',
  '--ignore-gpu-blocklist',
  '--enable-unsafe-webgpu',
  '--disable-gpu-watchdog',
  '--disable-dev-shm-usage',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--enable-webgpu-developer-features',
  '--headless=new',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
];

/** Keeps Chromium from calling home, which fails loudly on a machine without a network. */
export const quietFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
