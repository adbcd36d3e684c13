/**
 * The receiver's side of catch-up: it asks what it missed, and tells no more of its buckets than it
 * has asked about.
 *
 * @module
 */

import { type Digest, groupCount } from "../../locations/digest.ts";
import type { Table } from "../../locations/table.ts";
import { askAll, askGroups, parseDiffer } from "./catch_up.ts";
import { LinkError } from "../hello.ts";
import type { LiveLink } from "../live_link.ts";

/** Asks one neighbour. */
export class CatchUpReceiver {
  readonly #live: Pick<LiveLink, "slices" | "writer">;
  readonly #table: Pick<Table, "digests">;
  /** For each group, whether the neighbour may name it: once for each time that it is asked. */
  readonly #asked = new Uint8Array(groupCount);
  /** Groups that were named again since this server last asked. */
  #surplus = 0;
  #digest: Digest;

  /**
   * @param live the link from the neighbour
   * @param table what this server holds
   */
  constructor(live: Pick<LiveLink, "slices" | "writer">, table: Pick<Table, "digests">) {
    this.#live = live;
    this.#table = table;
    this.#digest = table.digests.first;
  }

  /** Asks what differs. */
  ask(): void {
    this.#asked.fill(1);
    this.#surplus = 0;
    this.#digest = this.#table.digests.first;
    this.#live.slices.add(askAll(this.#digest, (line) => this.#live.writer.say(line)));
  }

  /**
   * Tells of the buckets of groups that differ. A group that is named again is passed over, since two
   * comparisons may cross on the way.
   *
   * @param words a `DIFFER` line's
   * @throws {LinkError} when it is malformed, or too many are named again
   */
  tell(words: readonly string[]): void {
    const named = parseDiffer(words);
    const groups = new Set(named.filter((group) => this.#asked[group] === 1));
    this.#surplus += named.length - groups.size;
    if (this.#surplus > groupCount) throw new LinkError("more groups than there are");
    for (const group of groups) this.#asked[group] = 0;
    this.#live.slices.add(
      askGroups(this.#digest, [...groups], (line) => this.#live.writer.say(line)),
    );
  }
}
