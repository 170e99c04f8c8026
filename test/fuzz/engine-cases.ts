import type { ModelOptions } from '../../src/model-options.ts';
import { createAbsurdModel } from './absurd-models.ts';
import { damageBytes } from './damage-bytes.ts';
import { damageFields } from './damage-json.ts';
import type { Random } from './random.ts';

/** A broken model, as the engine is told of it. */
export interface EngineCase {
  readonly kind: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly options: ModelOptions;
}

/** A whole model, to be damaged. */
export interface EngineSample {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly options: ModelOptions;
}

/** What the models of this folder do not tell of themselves. */
export const plainFacts: ModelOptions = {
  input: { range: [0, 1] },
  output: { kind: 'probability', classes: ['background', 'person'] },
};

/** Half of them damaged, a quarter absurd from the start, the others with facts that do not fit. */
export function createEngineCase(samples: readonly EngineSample[], random: Random): EngineCase {
  const { name, bytes, options } = random.pick(samples);
  const choice = random.below(8);
  if (choice < 4) {
    const damaged = damageBytes(bytes, random);
    return { kind: `${name}, ${damaged.kind}`, bytes: damaged.bytes, options };
  }
  if (choice < 7) return { ...createAbsurdModel(random), options: plainFacts };
  const wrong = damageFields(options, random, false) as ModelOptions;
  return { kind: `${name}, wrong modelOptions`, bytes, options: wrong };
}
