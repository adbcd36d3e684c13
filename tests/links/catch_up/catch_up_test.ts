import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import {
  answerAll,
  answerGroup,
  type Answering,
  askAll,
  askGroups,
  parseBuckets,
  parseDiffer,
  parseDigest,
} from "../../../lib/links/catch_up/catch_up.ts";
import { lineOf, LinkError, wordsOf } from "../../../lib/links/hello.ts";
import { linkLineBytesMax } from "../../../lib/limits.ts";
import { groupBuckets, groupCount, hashBytes } from "../../../lib/locations/digest.ts";
import { none, Table } from "../../../lib/locations/table.ts";
import { textOf } from "../../../lib/protocol/ascii.ts";
import { fed } from "../../feeding.ts";
import { atLine, recordLine } from "../../locations/lines.ts";

function tableOf(ids: Iterable<string>, time = 1): Table {
  const table = new Table();
  for (const id of ids) put(table, atLine({ id, time: String(time) }));
  return table;
}

function put(table: Table, line: string): void {
  assert(table.merge(recordLine(line)) !== none, line);
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `client.${index}`);

/** What went over the wire when a receiver caught up with a sender, and what the receiver got. */
function catchUp(receiver: Table, sender: Table) {
  let bytes = 0;
  const toSender: Uint8Array[] = [];
  const toReceiver: Uint8Array[] = [];
  const saying = (lines: Uint8Array[]) => (line: Uint8Array<ArrayBuffer>) => {
    bytes += line.length;
    assertLess(line.length, linkLineBytesMax);
    lines.push(line.subarray(0, -1));
  };
  const marked = new Set<number>();
  const answering: Answering = {
    digest: sender.digest,
    differ: (groups) => saying(toReceiver)(lineOf("DIFFER", ...groups)),
    mark: (number) => marked.add(number),
  };
  finish(askAll(receiver.digest, saying(toSender)));
  while (toSender.length + toReceiver.length > 0) {
    for (const line of toSender.splice(0)) {
      const words = wordsOf(line);
      if (words[0] === "DIGEST") finish(answerAll(parseDigest(words), answering));
      else {
        const { group, hashes } = parseBuckets(words);
        finish(answerGroup(group, hashes, answering));
      }
    }
    for (const line of toReceiver.splice(0)) {
      finish(askGroups(receiver.digest, parseDiffer(wordsOf(line)), saying(toSender)));
    }
  }
  const news: string[] = [];
  for (const number of marked) {
    const line = textOf(sender.line(number));
    bytes += line.length + 1;
    if (receiver.merge(recordLine(line)) !== none) news.push(line);
  }
  return { bytes, marked: marked.size, news };
}

function finish(work: Iterable<void>): void {
  for (const _ of work);
}

Deno.test({
  name:
    "Catch-up between equal tables is one digest and no record, in whatever order they were filled",
  permissions: "none",
  fn() {
    for (const count of [0, 1, 1_000]) {
      const [one, other] = [tableOf(ids(count)), tableOf(ids(count).reverse())];
      const { bytes, marked } = catchUp(one, other);
      assertEquals(marked, 0);
      assertLess(bytes, 3_000);
    }
  },
});

Deno.test({
  name: "Catch-up gives the receiver everything that the sender has and it has not",
  permissions: "none",
  fn() {
    const sender = tableOf(ids(5_000));
    for (const known of [0, 1, 100, 4_999]) {
      const { news } = catchUp(tableOf(ids(known)), sender);
      assertEquals(news.length, 5_000 - known);
    }
    assertEquals(catchUp(sender, new Table()).marked, 0);
    const newer = tableOf(ids(5_000), 2);
    assertEquals(catchUp(sender, newer).news.length, 5_000);
    assertEquals(catchUp(newer, tableOf(ids(5_000))).news, [], "older records are no news");
  },
});

Deno.test({
  name: "Catch-up in both directions makes any two tables the same",
  permissions: "none",
  fn() {
    const [one, other] = [new Table(), new Table()];
    for (const [index, id] of ids(3_000).entries()) {
      const side = index % 3;
      if (side !== 0) put(one, atLine({ id, time: String(index % 7) }));
      if (side !== 1) put(other, atLine({ id, time: String(index % 11) }));
    }
    catchUp(one, other);
    catchUp(other, one);
    assertEquals(contents(one), contents(other));
    assertEquals([catchUp(one, other).marked, catchUp(other, one).marked], [0, 0]);
  },
});

function contents(table: Table): Set<string> {
  return new Set(Array.from({ length: table.end }, (_, number) => textOf(table.line(number))));
}

Deno.test({
  name: "Catch-up of 50 000 clients of which ten differ sends a hundredth of the table",
  permissions: "none",
  fn() {
    const [one, other] = [tableOf(ids(50_000)), tableOf(ids(50_000))];
    for (let client = 0; client < 50_000; client += 5_000) {
      put(other, atLine({ id: `client.${client}`, time: "2" }));
    }
    const there = catchUp(one, other);
    assertEquals(there.news.length, 10);
    // 256 groups of 8 bytes, ten groups of 64 buckets, and what shares the ten buckets.
    assertLess(there.marked, 100);
    assertLess(there.bytes, 24_000);
    assertEquals(catchUp(other, one).marked, 0);
  },
});

Deno.test({
  name:
    "askAll(), askGroups() and answerAll() can be interrupted: no step goes through more than a group",
  permissions: "none",
  fn() {
    const sender = tableOf(ids(1_000));
    const steps = (work: Iterable<void>) => [...work].length;
    const lines: Uint8Array[] = [];
    const say = (line: Uint8Array) => lines.push(line);
    assertEquals(steps(askAll(sender.digest, say)), groupCount);
    const theirs = parseDigest(wordsOf(lines[0]!.subarray(0, -1)));
    const marked: number[] = [];
    const mark = (number: number) => marked.push(number);
    const answering = { digest: sender.digest, differ() {}, mark };
    assertEquals(steps(answerAll(theirs, answering)), groupCount);
    const all = steps(answerAll(new Uint8Array(theirs.length), answering));
    assertGreater(all, groupCount * groupBuckets / 2);
    assertEquals(new Set(marked).size, 1_000);
    assertEquals(steps(askGroups(sender.digest, [1, 2, 3], say)), 3);
  },
});

const base64 = (bytes: number) => btoa("x".repeat(bytes));
const words = (line: string) => fed(line, (lines) => wordsOf(lines.take()!));

Deno.test({
  name: "parseDigest() rejects what is not 256 hashes",
  permissions: "none",
  fn() {
    const whole = base64(groupCount * hashBytes);
    assertEquals(parseDigest(words(`DIGEST ${whole}`)).length, groupCount * hashBytes);
    const wrong = ["", " ", ` ${whole} 0`, ` ${base64(groupCount * hashBytes - 1)}`];
    wrong.push(
      ` ${base64(groupCount * hashBytes + 1)}`,
      ` ${"!".repeat(whole.length)}`,
      ` ${whole}=`,
    );
    for (const rest of wrong) {
      assertThrows(() => parseDigest(words(`DIGEST${rest}`)), LinkError, "malformed", rest);
    }
  },
});

Deno.test({
  name: "parseDiffer() rejects groups that no table has, none, and more than one line names",
  permissions: "none",
  fn() {
    assertEquals(parseDiffer(words("DIFFER 0 17 255")), [0, 17, 255]);
    const wrong = [
      "",
      "256",
      "999",
      "-1",
      "1.5",
      "1e1",
      "0x1",
      "one",
      "1 ".repeat(17),
      "1".repeat(99),
    ];
    for (const rest of wrong) {
      assertThrows(() => parseDiffer(words(`DIFFER ${rest}`)), LinkError, "group", rest);
    }
  },
});

Deno.test({
  name: "parseBuckets() rejects a group that no table has, and what is not 64 hashes",
  permissions: "none",
  fn() {
    const whole = base64(groupBuckets * hashBytes);
    assertEquals(parseBuckets(words(`BUCKETS 255 ${whole}`)).group, 255);
    const wrong = ["", "1", `256 ${whole}`, `1 ${whole} 1`, `1 ${whole.slice(4)}`, `one ${whole}`];
    for (const rest of wrong) {
      assertThrows(() => parseBuckets(words(`BUCKETS ${rest}`)), LinkError, "", rest);
    }
  },
});
