import { ToolError } from '../tool-error.ts';

/** The error for a file that began well and is not. `what` completes "The model is damaged: …". */
export function damage(what: string, cause?: unknown): ToolError {
  return new ToolError(
    'not-onnx',
    `The model is damaged: ${what}. Download or export it again.`,
    cause === undefined ? undefined : { cause },
  );
}
