import type * as Ort from 'onnxruntime-web';
import type { Continuity } from '../stage.ts';
import type { StatePlan } from './input-plan.ts';
import { createConstants } from './open-model.ts';
import type { OrtModule } from './ort-session.ts';

/**
 * What a recurrent model hands from frame to frame. The tensors stay where ONNX Runtime made them, on the GPU or in main memory, and go
 * into the next run as they are. Of a model without states it is empty.
 */
export class ModelMemory {
  readonly #states: readonly StatePlan[];
  /** In main memory. By the name of the input, as the last ones. */
  readonly #first: Readonly<Record<string, Ort.Tensor>>;
  #last: Readonly<Record<string, Ort.Tensor>> | null = null;

  constructor(ort: OrtModule, states: readonly StatePlan[]) {
    this.#states = states;
    this.#first = createConstants(ort, states);
  }

  /** What goes into a run. */
  feeds(continuity: Continuity): Readonly<Record<string, Ort.Tensor>> {
    return continuity === 'next' ? (this.#last ?? this.#first) : this.#first;
  }

  /** What ONNX Runtime is to give besides the mask; null: in a tensor of its own. */
  fetches(continuity: Continuity): Readonly<Record<string, null>> {
    if (continuity === 'alone') return {};
    return Object.fromEntries(this.#states.map(({ output }) => [output, null]));
  }

  /** @param results - Of the run with these feeds and fetches. */
  keep(results: Ort.InferenceSession.OnnxValueMapType, continuity: Continuity): void {
    if (continuity === 'alone' || this.#states.length === 0) return;
    this.forget();
    this.#last = Object.fromEntries(
      this.#states.map(({ name, output }) => [name, results[output] as Ort.Tensor]),
    );
  }

  /** Frees the last state, before its session is released. The next frame begins from nothing. */
  forget(): void {
    for (const tensor of Object.values(this.#last ?? {})) tensor.dispose();
    this.#last = null;
  }
}
