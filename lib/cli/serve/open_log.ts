/**
 * A server's log file.
 *
 * @module
 */

import { setup } from "@std/log";
import { logBufferBytes, logFileBytesMax, logFilesKept, logFlushMs } from "../../limits.ts";
import { LogFile } from "../../log/log_file.ts";
import { systemClock } from "../../transport/system.ts";
import { StartError } from "../exit_status.ts";

/**
 * Opens a server's log and makes it the `herd` logger's. `setup({})` closes it.
 *
 * @param directory where logs are; it is made when there is none
 * @param name the server's
 * @throws {StartError} when the log cannot be written
 */
export function openLog(directory: string, name: string): LogFile {
  const path = `${directory}/${name}.log`;
  const log = new LogFile({
    path,
    fileBytesMax: logFileBytesMax,
    filesKept: logFilesKept,
    bufferBytes: logBufferBytes,
    flushMs: logFlushMs,
    clock: systemClock,
    onTrouble: (message) => console.error(message),
  });
  try {
    // A log says where people are: nobody but the server's user reads in a directory that it makes.
    Deno.mkdirSync(directory, { recursive: true, mode: 0o700 });
    setup({ handlers: { file: log }, loggers: { herd: { level: "INFO", handlers: ["file"] } } });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `${path} cannot be written: ${why}; --log-dir DIR names another directory`,
    );
  }
  return log;
}
