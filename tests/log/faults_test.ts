import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { faultCharactersMax, faultMs } from "../../lib/limits.ts";
import { Faults } from "../../lib/log/faults.ts";
import { MemoryClock } from "../memory_clock.ts";

function faultsAtHand() {
  const clock = new MemoryClock();
  const logged: string[] = [];
  return { clock, logged, faults: new Faults({ error: (line) => logged.push(line) }, clock) };
}

/** Throws as a bug does. */
function buggy(): never {
  return (undefined as unknown as { call(): never }).call();
}

function errorOf(fn: () => void): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
}

Deno.test({
  name: "Faults.report() logs the kind, the error and its stack in one line",
  permissions: "none",
  fn() {
    const { faults, logged } = faultsAtHand();
    faults.report("a link", errorOf(buggy));
    assertEquals(logged.length, 1);
    assertMatch(logged[0]!, /^unexpected, in a link: TypeError: .* at buggy .*faults_test\.ts:\d+/);
    assert(!logged[0]!.includes("\n"));
  },
});

Deno.test({
  name: "Faults.report() takes whatever was thrown",
  permissions: "none",
  fn() {
    const { faults, logged } = faultsAtHand();
    const bare = new Error("bare");
    delete bare.stack;
    for (const [index, thrown] of ["text", null, undefined, bare].entries()) {
      faults.report(`kind ${index}`, thrown);
    }
    assertEquals(logged.map((line) => line.replace(/^.*?: /, "")), [
      "text",
      "null",
      "undefined",
      "Error: bare",
    ]);
  },
});

Deno.test({
  name: "Faults.report() logs a kind once a minute, and says how many it did not log",
  permissions: "none",
  fn() {
    const { faults, logged, clock } = faultsAtHand();
    for (let count = 0; count < 1_000; count++) {
      faults.report("a link", "broken");
      clock.advance((faultMs - 1) / 1_000);
    }
    assertEquals(logged, ["unexpected, in a link: broken"]);
    clock.advance(1);
    faults.report("a link", "broken again");
    faults.report("a link", "broken again");
    clock.advance(faultMs);
    faults.report("a link", "later");
    clock.advance(faultMs);
    faults.report("a link", "last");
    assertEquals(logged.slice(1), [
      "unexpected, in a link: broken again (and 999 more since the last one logged)",
      "unexpected, in a link: later (and 1 more since the last one logged)",
      "unexpected, in a link: last",
    ]);
  },
});

Deno.test({
  name: "Faults.report() keeps kinds apart",
  permissions: "none",
  fn() {
    const { faults, logged } = faultsAtHand();
    for (const kind of ["a link", "a session", "a link"]) faults.report(kind, "broken");
    assertEquals(logged, ["unexpected, in a link: broken", "unexpected, in a session: broken"]);
  },
});

Deno.test({
  name: "Faults.report() cuts an error that says too much",
  permissions: "none",
  fn() {
    const { faults, logged } = faultsAtHand();
    faults.report("a session", new Error("x".repeat(1_000_000)));
    assertLess(logged[0]!.length, faultCharactersMax + 100);
  },
});
