/**
 * One life of a server: from its start until it is stopped or killed.
 *
 * @module
 */

import { Block } from "../../lib/block.ts";
import { hashId } from "../../lib/protocol/record.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import type { RecordLine } from "../../lib/locations/cells.ts";
import { none, type Table } from "../../lib/locations/table.ts";
import type { Links } from "../../lib/links/links.ts";
import type { Server } from "../../lib/server/server.ts";
import type { Process } from "./process.ts";
import { type Version, versionOf } from "./order.ts";
import type { ProgramClock } from "./program_clock.ts";

/** A record that a table has, and since when. */
export interface Known {
  readonly version: Version;
  readonly sinceMs: number;
}

/** A client's record when the table was looked at last, and how it is found there. */
interface Looked {
  readonly bytes: Uint8Array;
  readonly hash: number;
  line: Uint8Array;
}

/** A server's life. */
export class Incarnation {
  /** Of every client, the records that the table has had, the latest last. */
  readonly known = new Map<string, Known[]>();
  /** Of every client, the newest time that this server has answered, and that was read. */
  readonly answered = new Map<string, bigint>();
  /** Links from neighbours that are live. */
  readonly from = new Map<string, number>();
  links!: Links;
  server!: Server;
  readonly #hashSeed: number;
  readonly #ids = new Map<string, Looked>();
  /** Clients of which the table was asked to change a record since they were looked at. */
  #touched = new Set<string>();
  #scratch = new Block(1024);

  constructor(
    readonly name: string,
    readonly process: Process,
    readonly parts: {
      readonly table: Table;
      readonly clock: ProgramClock;
      readonly hashSeed: number;
      readonly ids: readonly string[];
    },
  ) {
    this.#hashSeed = parts.hashSeed;
    this.touchAll();
    watch(parts.table, (id) => this.#touched.add(id));
  }

  /** Has every client looked at the next time. */
  touchAll(): void {
    this.#touched = new Set([...this.parts.ids, ...this.#ids.keys()]);
  }

  /** Drops a client's record as no server does: nobody is to blame for it, and nobody is told. */
  lose(id: string): void {
    const { table } = this.parts;
    const { bytes, hash } = this.#entry(id);
    const number = table.find({ bytes, start: 0, end: bytes.length }, hash);
    if (number === none) return;
    table.forget(number);
    this.known.delete(id);
    this.#entry(id).line = new Uint8Array();
  }

  /** @returns the client's record, as the table was looked at last */
  version(id: string): Version | null {
    return this.known.get(id)?.at(-1)?.version ?? null;
  }

  /** @returns every record, as the table was looked at last, in the order of their clients */
  lines(): string[] {
    return [...this.known.keys()].sort().map((id) => this.version(id)!.line);
  }

  /**
   * Looks at the table.
   *
   * @param nowMs when
   * @param onChange is told of every record that is another one now, or gone
   */
  look(nowMs: number, onChange: (before: Version | null, now: Version | null) => void): void {
    if (this.#touched.size === 0) return;
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const id of touched) {
      const entry = this.#entry(id);
      const line = this.#line(entry);
      if (isEqual(line, entry.line)) continue;
      entry.line = line.slice();
      const before = this.version(id);
      const version = line.length === 0 ? null : versionOf(textOf(entry.line));
      if (version === null) this.known.delete(id);
      else this.known.set(id, [...this.known.get(id) ?? [], { version, sinceMs: nowMs }]);
      onChange(before, version);
    }
  }

  #entry(id: string): Looked {
    let entry = this.#ids.get(id);
    if (entry === undefined) {
      const bytes = Uint8Array.from(bytesOf(id));
      const hash = hashId(bytes, 0, bytes.length, this.#hashSeed);
      this.#ids.set(id, entry = { bytes, hash, line: new Uint8Array() });
    }
    return entry;
  }

  #line({ bytes, hash }: Looked): Uint8Array {
    const { table } = this.parts;
    const number = table.find({ bytes, start: 0, end: bytes.length }, hash);
    if (number === none) return this.#scratch.bytes.subarray(0, 0);
    return this.#scratch.bytes.subarray(0, table.copyLine(number, this.#scratch, 0));
  }
}

/** Has the client of every call that may change a table reported. */
function watch(table: Table, onTouch: (id: string) => void): void {
  const { report, merge, forget } = table;
  const touch = ({ bytes, fields: { idStart, idEnd } }: RecordLine) =>
    onTouch(textOf(bytes.subarray(idStart, idEnd)));
  table.report = (line) => {
    touch(line);
    return report.call(table, line);
  };
  table.merge = (line, from) => {
    touch(line);
    return merge.call(table, line, from);
  };
  table.forget = (number) => {
    onTouch(versionOf(textOf(table.line(number))).id);
    forget.call(table, number);
  };
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
