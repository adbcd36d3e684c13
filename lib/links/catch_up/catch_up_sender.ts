/**
 * The sender's side of catch-up: it answers what its neighbour asks, and no more at a time than a
 * neighbour has reason to ask.
 *
 * @module
 */

import { linkSaidBytesMax } from "../../limits.ts";
import { type Digest, groupCount } from "../../locations/digest.ts";
import type { Table } from "../../locations/table.ts";
import { answerAll, answerGroup, nearest, parseBuckets, parseDigest } from "./catch_up.ts";
import { lineOf, LinkError } from "../hello.ts";
import type { LiveLink } from "../live_link.ts";

/** What a {@linkcode CatchUpSender} works with. */
export interface CatchUpSenderOptions {
  readonly table: Pick<Table, "digests">;
  /** Puts a record among those that wait for the link. */
  readonly mark: (number: number) => void;
  /** Logs what came of a comparison, as if the neighbour had said it. */
  readonly note: (text: string) => void;
}

/** Answers one neighbour. */
export class CatchUpSender {
  readonly #live: Pick<LiveLink, "slices" | "writer">;
  readonly #options: CatchUpSenderOptions;
  /** For each group, whether it was named and its buckets have not been told yet. */
  readonly #named = new Uint8Array(groupCount);
  #digest: Digest;
  /** Buckets that were told of without being asked for, since the last comparison. */
  #surplus = 0;
  #isComparing = false;
  #waiting: Uint8Array | null = null;

  /** @param live the link over which the neighbour asks */
  constructor(live: Pick<LiveLink, "slices" | "writer">, options: CatchUpSenderOptions) {
    this.#live = live;
    this.#options = options;
    this.#digest = options.table.digests.first;
  }

  /**
   * Compares what the neighbour holds with what this server holds. One comparison is under way at a
   * time; of what is asked meanwhile the last is answered.
   *
   * @param words a `DIGEST` line's
   * @throws {LinkError} when it is malformed, or the neighbour does not read what it asked for
   */
  compare(words: readonly string[]): void {
    this.#waiting = parseDigest(words);
    if (this.#live.writer.saidBytes > linkSaidBytesMax) {
      throw new LinkError("it asks, and does not read the answers");
    }
    if (this.#isComparing) return;
    this.#isComparing = true;
    this.#live.slices.add(this.#compare());
  }

  *#compare(): Generator<void> {
    const { table, mark, note } = this.#options;
    const theirs = this.#waiting!;
    this.#waiting = null;
    this.#surplus = 0;
    this.#digest = yield* nearest(table.digests.all, theirs);
    const differ = (groups: readonly number[]) => {
      for (const group of groups) this.#named[group] = 1;
      this.#live.writer.say(lineOf("DIFFER", ...groups));
    };
    const count = yield* answerAll(theirs, { digest: this.#digest, mark, differ });
    note(count === 0 ? "DIGEST same" : `DIGEST ${count} of ${groupCount} groups differ`);
    this.#isComparing = this.#waiting !== null;
    // Behind the buckets that were asked for meanwhile.
    if (this.#isComparing) this.#live.slices.add(this.#compare());
  }

  /**
   * Sends the records of the buckets that differ in a group, once for each time it was named. A group
   * that was not is passed over, since two comparisons may cross on the way.
   *
   * @param words a `BUCKETS` line's
   * @throws {LinkError} when it is malformed, or too many were not named
   */
  send(words: readonly string[]): void {
    const { group, hashes } = parseBuckets(words);
    if (this.#named[group] === 0) {
      if (++this.#surplus > groupCount) throw new LinkError("more buckets than were asked for");
      return;
    }
    this.#named[group] = 0;
    const { mark } = this.#options;
    this.#live.slices.add(answerGroup(group, hashes, { digest: this.#digest, mark }));
  }
}
