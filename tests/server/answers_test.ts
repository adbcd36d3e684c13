import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOf, copy, textOf } from "../../lib/protocol/ascii.ts";
import { Answers, type Slot } from "../../lib/server/answers.ts";
import { answerBlockBytesKept, answerBlockBytesMin } from "../../lib/limits.ts";
import { BufferBudget } from "../../lib/server/buffer_budget.ts";

/** Adds an answer that is known. */
function add(answers: Answers, text: string): void {
  answers.room(text.length);
  const bytes = bytesOf(text);
  answers.wrote(copy(bytes, 0, bytes.length, answers.block.bytes, answers.length));
}

function take(answers: Answers): string | null {
  const taken = answers.take();
  if (taken === null) return null;
  const text = textOf(taken);
  answers.sent();
  return text;
}

/** Bytes of an answer that waits for places. */
const filling = (text: string) => bytesOf(text) as Uint8Array<ArrayBuffer>;

Deno.test({
  name: "Answers.take() gives all that is known in one piece",
  permissions: "none",
  fn() {
    const answers = new Answers(new BufferBudget(Infinity));
    assertEquals([take(answers), answers.done, answers.bytes], [null, true, 0]);
    add(answers, "one\n");
    add(answers, "two\n");
    assertEquals([answers.done, answers.bytes, answers.unanswered], [false, 8, 0]);
    assertEquals([take(answers), take(answers), answers.done], ["one\ntwo\n", null, true]);
  },
});

Deno.test({
  name: "Answers.reserve() holds back what is behind it, and comes by itself",
  permissions: "none",
  fn() {
    const answers = new Answers(new BufferBudget(Infinity));
    let filled = 0;
    answers.onFilled = () => filled++;
    add(answers, "before\n");
    const slot = answers.reserve();
    add(answers, "behind\n");
    assertEquals(answers.unanswered, 3);
    assertEquals([take(answers), take(answers)], ["before\n", null]);
    assertEquals([answers.unanswered, answers.bytes, filled], [2, 7, 0]);
    slot.fill(filling("places\n"));
    assertEquals([answers.bytes, filled], [14, 1]);
    assertEquals([take(answers), take(answers), take(answers)], ["places\n", "behind\n", null]);
    assertEquals([answers.unanswered, answers.bytes, answers.done], [0, 0, true]);
  },
});

Deno.test({
  name: "Answers.sent() gives the block back, but never over answers that came meanwhile",
  permissions: "none",
  fn() {
    const answers = new Answers(new BufferBudget(Infinity));
    add(answers, "one\n");
    const taken = answers.take()!;
    add(answers, "two\n");
    answers.sent();
    assertEquals([textOf(taken), take(answers)], ["one\n", "two\n"]);
    const { block } = answers;
    add(answers, "three\n");
    assert(answers.block === block);
    assertEquals(take(answers), "three\n");
  },
});

Deno.test({
  name: "Answers come out in the order of their commands, whatever is filled in when (property)",
  permissions: "none",
  fn() {
    const step = fc.oneof(
      fc.record({ do: fc.constant("add"), length: fc.integer({ min: 1, max: 20_000 }) }),
      fc.constant({ do: "reserve", length: 3 }),
      fc.record({ do: fc.constant("fill"), length: fc.nat(30) }),
      fc.constant({ do: "take", length: 0 }),
    );
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const answers = new Answers(new BufferBudget(Infinity));
      const waiting: { slot: Slot; text: string }[] = [];
      let [due, came, number] = ["", "", 0];
      const fill = (at: number) => {
        const [{ slot, text }] = waiting.splice(at, 1) as [{ slot: Slot; text: string }];
        slot.fill(filling(text));
      };
      for (const { do: what, length } of steps) {
        const text = `${number++}:${"x".repeat(length)}\n`;
        if (what === "add") add(answers, text);
        if (what === "reserve") waiting.push({ slot: answers.reserve(), text });
        if (what === "add" || what === "reserve") due += text;
        if (what === "fill" && waiting.length > 0) fill(length % waiting.length);
        if (what === "take") came += take(answers) ?? "";
      }
      while (waiting.length > 0) fill(0);
      while (!answers.done) came += take(answers) ?? "";
      assertEquals(came, due);
      assertEquals([answers.bytes, answers.unanswered], [0, 0]);
    }));
  },
});

Deno.test({
  name: "Answers count every byte that they hold, and none at their end, whatever comes after it",
  permissions: "none",
  fn() {
    const budget = new BufferBudget(Infinity);
    const answers = new Answers(budget);
    const write = (bytes: number) => {
      answers.room(bytes);
      answers.wrote(answers.length + bytes);
    };
    const take = () => {
      const count = answers.take()?.length ?? 0;
      answers.sent();
      return count;
    };
    write(10);
    assertEquals(budget.bytes, answerBlockBytesMin);
    write(3_000);
    assertEquals(budget.bytes, answers.block.size);
    const slot = answers.reserve();
    const { size } = answers.block;
    assertEquals(budget.bytes, size + 3_010);
    slot.fill(new Uint8Array(500));
    assertEquals([budget.bytes, take(), take()], [size + 3_510, 3_010, 500]);
    assertEquals(budget.bytes, size);
    answers.rest();
    assertEquals(budget.bytes, 0);
    write(answerBlockBytesKept + 1);
    assertEquals(budget.bytes, answerBlockBytesKept + 1);
    assertEquals([take(), budget.bytes], [answerBlockBytesKept + 1, 0]);
    write(10);
    const late = answers.reserve();
    answers.leaveBudget();
    assertEquals(budget.bytes, 0);
    late.fill(new Uint8Array(10));
    take();
    assertEquals(budget.bytes, 0);
  },
});
