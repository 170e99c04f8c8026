/** Runs parser cases in a thread that can be ended when one of them hangs. */
import { parentPort, workerData } from 'node:worker_threads';
import { createParserCase, type ParserCase, type Samples } from './parser-cases.ts';
import { Random } from './random.ts';
import type { Failure } from './tally.ts';

/** What to run. */
export interface Batch {
  readonly samples: Samples;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** One int32: the case that runs. */
  readonly current: Int32Array;
}

export type BatchMessage =
  | { readonly type: 'ended'; readonly kind: string; readonly end: string }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'done' };

/** No page shows more, and no log should have to keep more. */
const longestMessage = 8192;

const { samples, seed, from, to, current } = workerData as Batch;
const post = (message: BatchMessage): void => parentPort?.postMessage(message);

for (let index = from; index < to; index++) {
  Atomics.store(current, 0, index);
  const parserCase = createParserCase(samples, Random.ofCase(seed, index));
  const { end, fault } = run(parserCase);
  const { kind } = parserCase;
  if (fault) post({ type: 'failed', failure: { index, kind, what: fault } });
  else post({ type: 'ended', kind, end });
}
post({ type: 'done' });

function run({ read, expected }: ParserCase): { end: string; fault?: string } {
  try {
    read();
    return { end: 'accepted' };
  } catch (error) {
    if (!(error instanceof Error) || !expected.some((type) => error instanceof type)) {
      return {
        end: '',
        fault: error instanceof Error ? (error.stack ?? error.name) : String(error),
      };
    }
    const { length } = error.message;
    if (length > longestMessage)
      return {
        end: '',
        fault: `${error.name} of ${length} characters: ${error.message.slice(0, 500)}`,
      };
    return { end: 'code' in error ? String(error.code) : error.name };
  }
}
