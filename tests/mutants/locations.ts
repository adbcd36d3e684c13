/**
 * What is broken in `lib/locations/`.
 *
 * @module
 */

import { type Mutant, simulator, test } from "./mutant.ts";

/** See {@linkcode Mutant}. */
export const locations: readonly Mutant[] = [
  {
    name: "merge takes every record",
    file: "lib/locations/table.ts",
    find: "if (later <= 0) return none;",
    replace: "",
    why: "a record goes backwards, and floods for ever",
    killer: simulator,
  },
  {
    name: "merge takes only records that are later",
    file: "lib/locations/table.ts",
    find: "this.#compareTimes(line, known) || this.#compareBytes(line, known);",
    replace: "this.#compareTimes(line, known);",
    why: "servers keep different records with equal times",
    killer: simulator,
  },
  {
    name: "tie-break the other way in one line of the order",
    file: "lib/locations/table.ts",
    find: "if (difference !== 0) return difference;",
    replace: "if (difference !== 0) return at % 2 === 0 ? difference : -difference;",
    why: "the order of equal times is another one than the herd's",
    killer: simulator,
  },
  {
    name: "report takes what is not later",
    file: "lib/locations/table.ts",
    find: "if (known !== none && this.#compareTimes(line, known) <= 0) return none;",
    replace: "",
    why: "a client that repeats itself moves the herd backwards",
    killer: simulator,
  },
  {
    name: "nanoseconds are not compared",
    file: "lib/locations/table.ts",
    find: "return nanoseconds - this.#cells.nanoseconds(known);",
    replace: "return 0;",
    why: "two reports of one second are ordered by their bytes",
    killer: simulator,
  },
  {
    name: "news is not told",
    file: "lib/locations/table.ts",
    find: `    this.news.tell(number, from);
    return number;`,
    replace: "    return number;",
    why: "nothing floods, and nothing is saved",
    killer: simulator,
  },
  {
    name: "a change is not hashed",
    file: "lib/locations/table.ts",
    find: `if (known !== none) this.digests.change(number);
    else `,
    replace: "if (known === none) ",
    why: "catch-up does not see what moved",
    killer: simulator,
  },
  {
    name: "forgetting leaves the ID in the index",
    file: "lib/locations/table.ts",
    find: `    this.#index.remove(number);
`,
    replace: "",
    why: "a client is answered with another client's record",
    killer: simulator,
  },
  {
    name: "forgetting leaves the digest as it was",
    file: "lib/locations/table.ts",
    find: `    this.digests.remove(number);
`,
    replace: "",
    why: "catch-up compares what is not there",
    killer: simulator,
  },
  {
    name: "an old record is taken",
    file: "lib/locations/table.ts",
    find: `return fields.seconds < this.forgetBefore ||
      (fields.seconds < this.forgetTombstonesBefore && fields.isTombstone);`,
    replace: "return false;",
    why: "what was forgotten comes back from a neighbour",
    killer: simulator,
  },
  {
    name: "tombstones never grow old",
    file: "lib/locations/table.ts",
    find: "Math.min(recordS, tombstoneS)",
    replace: "recordS",
    why: "tombstones stay for ever",
    killer: simulator,
  },
  {
    name: "a bucket not hashed again when a record behind its head goes",
    file: "lib/locations/digest.ts",
    find: `    this.#changed[bucket] = 1;
    if (this.#heads[bucket] === number) {`,
    replace: `    if (this.#heads[bucket] === number) {
      this.#changed[bucket] = 1;`,
    why: "a table that lost a record says that it has it",
    killer: simulator,
  },
  {
    name: "a new record does not change its bucket",
    file: "lib/locations/digest.ts",
    find: `    this.#heads[bucket] = number;
    this.#changed[bucket] = 1;`,
    replace: "    this.#heads[bucket] = number;",
    why: "catch-up does not see what is new",
    killer: simulator,
  },
  {
    name: "the first record of a bucket is lost from it",
    file: "lib/locations/digest.ts",
    find: "this.#nexts[number] = this.#heads[bucket]!;",
    replace: "this.#nexts[number] = nobody;",
    why: "of two clients in one bucket one is never caught up",
    killer: simulator,
  },
  {
    name: "the mark of a waiting record stays",
    file: "lib/locations/outbox.ts",
    find: "    this.#states[number] = absent;\n",
    replace: "",
    why: "a client is sent once, and never again",
    killer: simulator,
  },
  {
    name: "a full outbox loses what waits",
    file: "lib/locations/outbox.ts",
    find: `    ring.set(this.#ring.subarray(0, this.#head), first.length);
`,
    replace: "",
    why: "many marks at once are lost",
    killer: simulator,
  },
  {
    name: "the last marker is not told",
    file: "lib/locations/news.ts",
    find: "for (const marker of this.#markers) if (marker !== from)",
    replace: "for (const marker of this.#markers.slice(0, -1)) if (marker !== from)",
    why: "a neighbour hears nothing, or nothing is saved",
    killer: simulator,
  },
  {
    name: "an echo goes back to where it came from",
    file: "lib/locations/news.ts",
    find: "if (marker !== from) marker.mark(number)",
    replace: "marker.mark(number)",
    why: "every record crosses every link twice",
    killer: test("tests/locations/news_test.ts", "News"),
  },
  {
    name: "a tombstone not later than the record it deletes",
    file: "lib/locations/deletion.ts",
    find: "known < present ? present : known + 1n",
    replace: "present",
    why: "a client whose clock is ahead cannot be deleted",
    killer: test("tests/locations/deletion_test.ts", "deleteClient"),
  },
  {
    name: "a deleted client is not marked as such",
    file: "lib/locations/cells.ts",
    find: "(fields.isTombstone ? kind.tombstone : 0)",
    replace: "0",
    why: "WHATSAT answers with a tombstone",
    killer: simulator,
  },
  {
    name: "an index that grows loses what it outgrew",
    file: "lib/locations/id_index.ts",
    find: "return this.#findIn(this.#outgrown, id, hash);",
    replace: "return -1;",
    why: "a known client becomes a second one",
    killer: simulator,
  },
];
