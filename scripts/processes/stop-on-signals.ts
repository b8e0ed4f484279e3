const REPEAT_MS = 1_000;

/**
 * On SIGINT, SIGTERM or SIGHUP runs `stop` and ends this process with code 0; a second signal a second later runs `kill` and ends it with 1.
 * A Ctrl-C often arrives twice, from the terminal and from npm: repeats within a second are one request.
 */
export function stopOnSignals(actions: { stop: () => Promise<void>; kill: () => void }): void {
  let firstAtMs: number | null = null;
  const onSignal = () => {
    if (firstAtMs === null) {
      firstAtMs = Date.now();
      actions.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error instanceof Error ? error.message : error);
          actions.kill();
          process.exit(1);
        },
      );
    } else if (Date.now() - firstAtMs > REPEAT_MS) {
      actions.kill();
      process.exit(1);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
}
