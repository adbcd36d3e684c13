/**
 * Signals from the operating system.
 *
 * @module
 */

/** What a program does on a signal. */
export interface SignalActions {
  /** SIGINT and SIGTERM, and Ctrl+Break on Windows. */
  readonly stop: () => void;
  /** SIGHUP: configuration and certificates are to be read again. */
  readonly reload: () => void;
}

/**
 * Reads standard input to its end, which comes when nobody can write to it any more: when the
 * program at the other end of the pipe has ended, however it did.
 */
export async function inputEnded(): Promise<void> {
  try {
    for await (const _ of Deno.stdin.readable);
  } catch {
    // What cannot be read has ended.
  }
}

/**
 * Acts on signals until it is disposed of. A terminal that is closed sends SIGHUP too: a program
 * that was started on a terminal, and finds it gone, stops. Windows has no signal for reload.
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
