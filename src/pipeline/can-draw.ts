import { needsMask, type EffectOptions } from '../stage.ts';

/** Whether a surface has what an effect shows: no pixel that is to be hidden is drawn without a mask. */
export function canDraw(
  surface: { readonly width: number; readonly hasMask: boolean },
  { effect }: EffectOptions,
): boolean {
  return surface.width > 0 && (surface.hasMask || !needsMask(effect));
}
