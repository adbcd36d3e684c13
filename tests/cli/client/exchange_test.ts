import { assertEquals } from "@std/assert";
import { Exchange } from "../../../lib/cli/client/exchange.ts";
import { Lines } from "../../../lib/cli/lines.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** What is unanswered, answered and refused after some lines were said and an answer came. */
function after(said: string[], answers: string) {
  const exchange = new Exchange();
  for (const line of said) exchange.sent(bytes(line));
  for (const line of new Lines({ lineBytesMax: 1000 }).push(bytes(answers))) {
    exchange.received(line);
  }
  const { dueCount, answeredCount, refusedCount } = exchange;
  assertEquals(exchange.unanswered().length, dueCount);
  return { due: exchange.unanswered().map(text), answeredCount, refusedCount };
}

const at = "AT Clark +0.1 kiwi +1-1 1.5\n";
const json = '{\n  "results" : [\n    "AT sea", "? x"\n  ]\n}\n';

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("Exchange takes an AT line alone for an IAMAT's answer", () => {
  assertEquals(after(["IAMAT a\n", "IAMAT b\n"], at), {
    due: ["IAMAT b\n"],
    answeredCount: 1,
    refusedCount: 0,
  });
});

test("Exchange waits for the empty line after a WHATSAT's JSON", () => {
  const said = [" WHATSAT\tkiwi 10 5\n", "IAMAT b\n"];
  assertEquals(after(said, at + json).due, said);
  assertEquals(after(said, at + json + "\n").due, ["IAMAT b\n"]);
  assertEquals(after(said, at + json + "\n" + at), { due: [], answeredCount: 2, refusedCount: 0 });
});

test("Exchange takes a line with a question mark for any line's answer, and counts it", () => {
  const said = ["WHATSAT x 1 1\n", "\n", "IAMAT a\n"];
  assertEquals(after(said, "? WHATSAT x 1 1\n? \n"), {
    due: ["IAMAT a\n"],
    answeredCount: 2,
    refusedCount: 2,
  });
});

test("Exchange takes a line whose first field only begins with WHATSAT for another", () => {
  assertEquals(after(["WHATSATS x\n", "WHATSAT\xa0x\n"], at + at).due, []);
});

test("Exchange counts answers that nobody asked for, and keeps its balance", () => {
  assertEquals(after([], at + "? x\n"), { due: [], answeredCount: 2, refusedCount: 1 });
});
