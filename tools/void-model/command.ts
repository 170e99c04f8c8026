/** One word of the command line: `void-model <name> …`. Each lives in a file of its own under `commands/`. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `void-model <name> --help` prints: usage, options, examples. */
  readonly help: string;
  /**
   * Does the work. Throws a ToolError for everything that is the user's to mend.
   *
   * @param args - What followed the name, without `--help`.
   * @returns What to print on success, without a final newline.
   */
  run(args: readonly string[]): Promise<string>;
}
