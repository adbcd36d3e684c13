/**
 * What the system tells a program.
 *
 * @module
 */

/** What a program does when it is told to. */
export interface SignalActions {
  /** SIGINT and SIGTERM, and Ctrl+Break on Windows. */
  readonly stop: () => void;
  /** SIGHUP: configuration and certificates are to be read again. */
  readonly reload: () => void;
}

/**
 * Does what signals say, until disposed of. A terminal that is closed sends SIGHUP too; who was started
 * on it and finds it gone stops. On Windows nothing says reload.
 */
export function onSignals({ stop, reload }: SignalActions): Disposable {
  const startedOnTerminal = Deno.stdin.isTerminal();
  const hangUp = () => startedOnTerminal && !Deno.stdin.isTerminal() ? stop() : reload();
  const actions: [Deno.Signal, () => void][] = Deno.build.os === "windows"
    ? [["SIGINT", stop], ["SIGBREAK", stop]]
    : [["SIGINT", stop], ["SIGTERM", stop], ["SIGHUP", hangUp]];
  for (const [signal, action] of actions) Deno.addSignalListener(signal, action);
  return {
    [Symbol.dispose]() {
      for (const [signal, action] of actions) Deno.removeSignalListener(signal, action);
    },
  };
}
