/** How `shoal` ends; docs/guide/use-the-terminal.md lists them. */
export const EXIT = {
  done: 0,
  /** It could not be done: the instance refused, or is not there. */
  failed: 1,
  /** What was typed was not understood. */
  usage: 2,
  /** The job ended, and not every shard was accepted. */
  incomplete: 3,
  /** Ctrl-C; a job that was submitted goes on. */
  interrupted: 130,
} as const;
