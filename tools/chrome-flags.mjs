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

/** Switches with which Chromium uses a real GPU, for WebGPU and for all it draws; on Linux through Vulkan, in a window. */
export const nativeGpuFlags = [
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
  ...(process.platform === 'linux'
    ? [
        // Dawn withholds shader-f16 from NVIDIA on Vulkan otherwise.
        '--enable-dawn-features=vulkan_enable_f16_on_nvidia',
        '--ozone-platform=x11',
        '--enable-features=Vulkan,VulkanFromANGLE,DefaultANGLEVulkan',
        '--use-angle=vulkan',
        '--use-vulkan=native',
        '--disable-vulkan-surface',
      ]
    : []),
];

/** Switches with which Chromium is as on a machine without a GPU: it rasterises by CPU, WebGL is software. */
export const cpuFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--enable-unsafe-swiftshader',
  '--disable-dev-shm-usage',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--headless=new',
];

/** Keeps Chromium from calling home, which fails loudly on a machine without a network. */
export const quietFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
