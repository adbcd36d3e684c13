/**
 * What is broken in `lib/server/`, `lib/protocol/` and `lib/pacing/`.
 *
 * @module
 */

import { type Mutant, simulator, test } from "./mutant.ts";

/** See {@linkcode Mutant}. */
export const server: readonly Mutant[] = [
  {
    name: "an answer overtakes the one before it",
    file: "lib/server/answers.ts",
    find: `    this.#setAside();
    const part: Part`,
    replace: "    const part: Part",
    why: "answers come in another order than their commands",
    killer: simulator,
  },
  {
    name: "a WHATSAT that is not answered yet holds nobody back",
    file: "lib/server/answers.ts",
    find: "if (first.bytes === null) return null;",
    replace: "if (first.bytes === null) return this.#takeBlock();",
    why: "answers come in another order than their commands",
    killer: simulator,
  },
  {
    name: "answers that are known are forgotten where one is waited for",
    file: "lib/server/answers.ts",
    find: `    this.#earlier.push({ bytes, commands: this.#commands });
`,
    replace: "",
    why: "answers are lost",
    killer: simulator,
  },
  {
    name: "the rest of a write is not sent",
    file: "lib/server/sender.ts",
    find: "sent += await this.#connection.write(sent === 0 ? bytes : bytes.subarray(sent));",
    replace: "sent = bytes.length + await this.#connection.write(bytes);",
    why: "long answers are cut",
    killer: simulator,
  },
  {
    name: "answers do not wait for the disk",
    file: "lib/server/sender.ts",
    find: "if (this.#saved !== null && this.#reports > 0) await",
    replace: "if (this.#saved !== null && this.#reports > 1) await",
    why: `what was acknowledged with "sync" is lost in a crash`,
    killer: simulator,
  },
  {
    name: "the last line without a newline is dropped",
    file: "lib/server/session.ts",
    find: `if (count === null) this.#lines.end();
      else this.#lines.received(count);`,
    replace: "if (count !== null) this.#lines.received(count);",
    why: "a client that half-closes gets no answer",
    killer: simulator,
  },
  {
    name: "answers due at a half-close are not sent",
    file: "lib/server/session.ts",
    find: `if (this.#state !== "linked") await this.#sender.sendAll();`,
    replace: "",
    why: "a client that half-closes gets no answer",
    killer: simulator,
  },
  {
    name: "lines left over when a session is full are not taken up",
    file: "lib/server/session.ts",
    find: `      if (this.#full) await this.#sender.sleep();
`,
    replace: `      if (this.#full) return;
`,
    why: "a client that asks much gets no answer",
    killer: simulator,
  },
  {
    name: "a line is lost at every turn",
    file: "lib/server/session.ts",
    find: `          left = turnLinesMax;
`,
    replace: `          left = turnLinesMax;
          this.#lines.take();
`,
    why: "one of many lines at once gets no answer",
    killer: simulator,
  },
  {
    name: "no turns are given after the first",
    file: "lib/pacing/turns.ts",
    find: `if (this.#waiting.length > 0) letOthers(this.#clock, () => this.#give());
    else this.#isGiving = false;`,
    replace: "this.#isGiving = this.#waiting.length > 0;",
    why: "who has to wait for its turn waits for ever",
    killer: test("tests/pacing/turns_test.ts", "turnsMs"),
  },
  {
    name: "turns once given are never given again",
    file: "lib/pacing/turns.ts",
    find: "else this.#isGiving = false;",
    replace: "",
    why: "who asks for a turn later waits for ever",
    killer: simulator,
  },
  {
    name: "what a client says is not compared with the clock",
    file: "lib/server/reports.ts",
    find: "seconds - received.seconds > maxClockAheadS",
    replace: "false",
    why: "a client with milliseconds for seconds never moves again",
    killer: test("tests/server/session_test.ts", "maxClockAheadS"),
  },
  {
    name: "a report from a little ahead is refused",
    file: "lib/server/reports.ts",
    find: "seconds - received.seconds > maxClockAheadS",
    replace: "seconds - received.seconds > 0",
    why: "a client whose clock is right is refused",
    killer: simulator,
  },
  {
    name: "a report is answered and not stored",
    file: "lib/server/reports.ts",
    find: "if (table.report({ bytes, view, start, end, fields: record }) === noRoom) return false;",
    replace: "",
    why: "what was acknowledged is not there",
    killer: simulator,
  },
  {
    name: "IAMAT deletes clients",
    file: "lib/protocol/command.ts",
    find: "isWithinLimits(fields) && !fields.isTombstone",
    replace: "isWithinLimits(fields)",
    why: "anybody deletes anybody",
    killer: simulator,
  },
  {
    name: "WHATSAT answers with a tombstone",
    file: "lib/server/whatsat.ts",
    find: "if (number === none || table.isTombstone(number)) return null;",
    replace: "if (number === none) return null;",
    why: "a deleted client is still answered",
    killer: simulator,
  },
  {
    name: "forgetting begins once",
    file: "lib/server/forgetting.ts",
    find: `      this.#slices.add(this.#round());
      this.start();`,
    replace: "      this.#slices.add(this.#round());",
    why: "old records stay",
    killer: simulator,
  },
  {
    name: "forgetting leaves every second record",
    file: "lib/server/forgetting.ts",
    find: "number < table.end; number++",
    replace: "number < table.end; number += 2",
    why: "old records stay",
    killer: simulator,
  },
  {
    name: "forgetting is a minute too early",
    file: "lib/server/forgetting.ts",
    find: "this.#table.setAge(this.#now.seconds, this.#afterS);",
    replace: "this.#table.setAge(this.#now.seconds + 5, this.#afterS);",
    why: "records are dropped that are promised",
    killer: simulator,
  },
  {
    name: "a line in two pieces loses the first",
    file: "lib/protocol/line_buffer.ts",
    find: "} else this.bytes.copyWithin(0, this.start, this.#end);",
    replace: "}",
    why: "lines are cut where a buffer is full",
    killer: simulator,
  },
  {
    name: "a buffer that grows loses its place",
    file: "lib/protocol/line_buffer.ts",
    find: `    this.complete -= this.start;
    this.#end -= this.start;`,
    replace: `    this.#end -= this.start;`,
    why: "lines are cut where a buffer grows",
    killer: simulator,
  },
  {
    name: "backoff never grows",
    file: "lib/pacing/backoff.ts",
    find: "Math.min(ceilingMs * 2, this.#options.msMax)",
    replace: "ceilingMs",
    why: "a dead neighbour is dialled twenty times a second",
    killer: test("tests/pacing/backoff_test.ts", "doubles"),
  },
  {
    name: "backoff grows without bound",
    file: "lib/pacing/backoff.ts",
    find: "Math.min(ceilingMs * 2, this.#options.msMax)",
    replace: "ceilingMs * 2",
    why: "a neighbour that was away long is dialled minutes later",
    killer: simulator,
  },
];
