/**
 * What is broken in `lib/store/`.
 *
 * @module
 */

import { type Mutant, simulator, test } from "./mutant.ts";

/** See {@linkcode Mutant}. */
export const store: readonly Mutant[] = [
  {
    name: "synchronous = OFF",
    file: "lib/store/store.ts",
    find: `PRAGMA synchronous = \${sync ? "FULL" : "NORMAL"}`,
    replace: "PRAGMA synchronous = OFF",
    why: "what was on disk is lost with the power",
    killer: test("tests/store/store_test.ts", "wait for the disk"),
  },
  {
    name: "no retry after a disk failed",
    file: "lib/store/saving.ts",
    find: `this.#schedule("failing", this.#backoff.nextMs());`,
    replace: `this.#state = "failing";`,
    why: "after a full disk nothing is saved any more",
    killer: simulator,
  },
  {
    name: "a batch that failed is not written again",
    file: "lib/store/saving.ts",
    find: `      this.#takeBack(taken);
`,
    replace: "",
    why: "what a full disk did not take is lost",
    killer: simulator,
  },
  {
    name: "answers are let go when their batch failed",
    file: "lib/store/saving.ts",
    find: `      this.#takeBack(taken);
      throw error;`,
    replace: `      this.#takeBack(taken);
      this.#acknowledgements.reached(Infinity);
      throw error;`,
    why: `"sync" acknowledges what is not on disk`,
    killer: simulator,
  },
  {
    name: "answers do not wait while the disk fails",
    file: "lib/store/saving.ts",
    find: "if (this.#waiting.size === 0) return Promise.resolve();",
    replace: `if (this.#waiting.size === 0 || this.#state === "failing") return Promise.resolve();`,
    why: `"sync" acknowledges what is not on disk`,
    killer: simulator,
  },
  {
    name: "who waits is not put back behind a failed batch",
    file: "lib/store/saving.ts",
    find: `    this.#acknowledgements.postpone(target);
`,
    replace: "",
    why: `"sync" acknowledges what is not on disk`,
    killer: test("tests/store/saving_test.ts", "go behind others"),
  },
  {
    name: "all answers are let go at every batch",
    file: "lib/store/acknowledgements.ts",
    find: "const left = this.#waiting.findIndex(({ target }) => target > saved);",
    replace: "const left = -1 + 0 * saved;",
    why: `"sync" acknowledges a later batch with the first`,
    killer: test("tests/store/saving_test.ts", "Saving.saved() waits"),
  },
  {
    name: "saving begins a second later",
    file: "lib/store/saving.ts",
    find: `this.#schedule("scheduled", saveMs)`,
    replace: `this.#schedule("scheduled", saveMs + 1_000)`,
    why: "a killed server loses a second, not 100 ms",
    killer: simulator,
  },
  {
    name: "only the first of what waits is saved",
    file: "lib/store/saving.ts",
    find: `    while (this.#waiting.size > 0) {
      this.#saveBatch();
      yield;
    }`,
    replace: `    if (this.#waiting.size > 0) {
      this.#saveBatch();
      this.#waiting.clear();
      yield;
    }`,
    why: "all behind the first batch is lost in a crash",
    killer: test("tests/store/saving_test.ts", "saveBatchBytes"),
  },
  {
    name: "rewriting drops before it has written",
    file: "lib/store/rewriting.ts",
    find: `if (this.#state.is !== "writing" || saved < this.#state.target) return;`,
    replace: `if (this.#state.is !== "writing") return;`,
    why: "a crash while the file is written anew loses all of it",
    killer: test("tests/store/saving_test.ts", "Saving drops nothing"),
  },
  {
    name: "rewriting drops too much",
    file: "lib/store/rewriting.ts",
    find: "store.dropBatches(this.#state.last, storeDropBatches)",
    replace: "store.dropBatches(store.last, storeDropBatches)",
    why: "what was written again is dropped, too",
    killer: simulator,
  },
  {
    name: "rewriting leaves the last slice out",
    file: "lib/store/rewriting.ts",
    find: `      numbers = [];
    }
    yield numbers;`,
    replace: `      numbers = [];
    }
    yield numbers.slice(1);`,
    why: "a record is lost whenever the file is written anew",
    killer: simulator,
  },
  {
    name: "a start reads the first batch only",
    file: "lib/store/load.ts",
    find: `      else table.merge({ bytes, view, start, end, fields });
    }
`,
    replace: `      else table.merge({ bytes, view, start, end, fields });
    }
    break;
`,
    why: "a server that starts again has forgotten most of its file",
    killer: simulator,
  },
];
