/** Spreads workgroups over two directions: a GPU takes only so many in one. There may be a few more of them than asked for. */
export function spreadWorkgroups({ limits }: GPUDevice, count: number): [x: number, y: number] {
  const rows = Math.ceil(count / limits.maxComputeWorkgroupsPerDimension);
  return [Math.ceil(count / rows), rows];
}
