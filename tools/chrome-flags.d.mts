/** Switches with which Chromium runs everything on the CPU, WebGPU and presented WebGPU canvases included. */
export const softwareGpuFlags: readonly string[];
/** Keeps Chromium from calling home. */
export const quietFlags: readonly string[];
/** The machine's own GPU. */
export const nativeGpuFlags: readonly string[];
/** As on a machine without a GPU. */
export const cpuFlags: readonly string[];
