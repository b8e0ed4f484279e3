/** What a command may touch of the process: so that it can be run by a test. */
export type Terminal = {
  env: Readonly<Record<string, string | undefined>>;
  /** Standard output, a line at a time: results and machine-readable lines. */
  print(line: string): void;
  /** Standard error, a line at a time: what is for people only. */
  tell(line: string): void;
  /** Raw bytes to standard output. */
  write(bytes: Uint8Array): Promise<void>;
  /** Standard input where something is piped in, null where a person types. */
  stdin: AsyncIterable<Uint8Array> | null;
  isInteractive: boolean;
  /** Asks and gives the line that was typed, "" where the input ended; null where nobody is there to be asked. */
  ask: ((question: string) => Promise<string>) | null;
  /** Replaces the line that was drawn last; only where `isInteractive`. */
  draw(line: string): void;
  /** Asks the command to end; the second time it is not asked. */
  interrupt: AbortSignal;
};

export type Command = (args: string[], terminal: Terminal) => Promise<number>;

/** A request that cannot be carried out, in words for who typed it. */
export class UsageError extends Error {
  override name = "UsageError";
  /** The first field of the job that is wrong, where it is one. */
  readonly wrong: { field: string; problem: string } | null;

  constructor(message: string, wrong: { field: string; problem: string } | null = null) {
    super(message);
    this.wrong = wrong;
  }
}
