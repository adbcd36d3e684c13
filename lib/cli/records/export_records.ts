/**
 * `export`: every record that a server has on disk.
 *
 * @module
 */

import { busyBytes } from "../../limits.ts";
import { Table } from "../../locations/table.ts";
import { joined } from "../../protocol/pending_bytes.ts";
import { messageOf } from "../../store/disk_failure.ts";
import { load } from "../../store/load.ts";
import { Store } from "../../store/store.ts";
import type { ExportLine } from "../command_line.ts";
import type { RecordFormat } from "../commands.ts";
import { dataDirectory } from "../data_directory.ts";
import { exitStatus, StartError } from "../exit_status.ts";
import { openConfig } from "../find_config.ts";
import { serverNamed } from "../server_named.ts";
import { frames, recordText } from "./record_text.ts";

/** What {@linkcode exportRecords} needs. */
export interface ExportOptions extends Omit<ExportLine, "command"> {
  /** Where the records go; standard output by default. */
  readonly write?: (bytes: Uint8Array) => void;
  /** Where people are told what was left out; the console by default. */
  readonly print?: Pick<Console, "error">;
}

/**
 * Writes the newest record of every client. The file is only read, so that the server may run.
 *
 * @returns the exit status 0
 * @throws {HerdFileError} when the configuration is wrong
 * @throws {UsageError} when there is no such server
 * @throws {StartError} when the server's file cannot be read, or nobody reads the output
 */
export async function exportRecords(options: ExportOptions): Promise<number> {
  const { format, write = writeOut, print = console } = options;
  const { config, herd } = await openConfig(options.config);
  const { name } = serverNamed(options.name, { herd, config: config.name });
  const table = await tableOf(`${dataDirectory(options.dataDir, config)}/${name}.db`);
  const counts = writeTable(table, { format, write });
  for (const [what, count] of Object.entries(counts)) {
    if (count > 0) print.error(`left out: ${count} ${what}`);
  }
  return exitStatus.success;
}

async function tableOf(path: string): Promise<Table> {
  const table = new Table();
  try {
    Deno.statSync(path);
    using store = await Store.openToRead(path);
    load(store, { table, hashSeed: 0 });
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file; --data-dir DIR names another directory"
      : messageOf(error);
    throw new StartError(`${path}: ${why}`);
  }
  return table;
}

/** @returns how many records were left out, by what they are */
function writeTable(
  table: Table,
  { format, write }: { format: RecordFormat; write: (bytes: Uint8Array) => void },
): Record<string, number> {
  let [deleted, notText] = [0, 0];
  const { first, next, end } = frames[format];
  const output = new Output(write);
  output.add(first);
  for (let number = 0, written = 0; number < table.end; number++) {
    if (table.lineBytes(number) === 0) continue;
    if (table.isTombstone(number)) {
      deleted++;
      continue;
    }
    const text = recordText(table.line(number), format);
    if (text === null) {
      notText++;
      continue;
    }
    if (written++ > 0) output.add(next);
    output.add(text);
  }
  output.add(end);
  output.flush();
  return {
    "clients that were deleted": deleted,
    "clients whose IDs are not UTF-8 (--format at has them)": notText,
  };
}

/** Collects small pieces into writes of some size. */
class Output {
  readonly #write: (bytes: Uint8Array) => void;
  #pieces: Uint8Array[] = [];
  #size = 0;

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
  }

  add(piece: Uint8Array | string): void {
    const bytes = typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
    this.#pieces.push(bytes);
    this.#size += bytes.length;
    if (this.#size >= busyBytes) this.flush();
  }

  flush(): void {
    this.#write(joined(this.#pieces));
    [this.#pieces, this.#size] = [[], 0];
  }
}

function writeOut(bytes: Uint8Array): void {
  try {
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(Deno.stdout.writeSync(rest));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    throw new StartError("nobody reads the records any more");
  }
}
