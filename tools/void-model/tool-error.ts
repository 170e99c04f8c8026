/**
 * What stopped a command, in one word.
 *
 * - `usage`: the command line does not say what to do.
 * - `file`: a file could not be read or written.
 * - `not-tflite`: the input is not a TensorFlow Lite model, or is damaged.
 * - `not-onnx`: the input is not an ONNX model, or is damaged.
 * - `unsupported-op`: the model has an operator that has no conversion yet.
 * - `unsupported-model`: the model as a whole has a form that is not handled.
 */
export type ToolErrorCode =
  'usage' | 'file' | 'not-tflite' | 'not-onnx' | 'unsupported-op' | 'unsupported-model';

/** The error of every command of `void-model`. Its message is a sentence for whoever typed the command. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code: ToolErrorCode;

  /**
   * @param code - What went wrong.
   * @param message - What happened, and what to do about it.
   * @param options - `cause`: the error underneath, if there is one.
   */
  constructor(code: ToolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
