import type { Rgba } from '../stage.ts';

/** From the linear light of sRGB to that of Display P3, by rows (CSS Color 4, section 18); white is D65 in both. */
const primaries = [
  [0.82246197, 0.17753803, 0],
  [0.0331942, 0.9668058, 0],
  [0.01708263, 0.07239744, 0.91051993],
] as const;

/**
 * The same colour as straight `colorSpace` values, 0..1, for what is drawn there: the curve is sRGB's in both. cover.wgsl and
 * cover.glsl do so with the picture.
 */
export function toColorSpace(color: Rgba, colorSpace: PredefinedColorSpace): Rgba {
  if (colorSpace === 'srgb') return color;
  const [red, green, blue] = color.map(toLight) as [number, number, number];
  const mix = ([r, g, b]: readonly [number, number, number]): number =>
    toLevel(r * red + g * green + b * blue);
  return [mix(primaries[0]), mix(primaries[1]), mix(primaries[2]), color[3]];
}

function toLight(level: number): number {
  return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
}

function toLevel(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}
