import { assertEquals, assertNotEquals } from "@std/assert";
import { News } from "../../lib/locations/news.ts";
import { none, Table } from "../../lib/locations/table.ts";
import { atLine, recordLine } from "./lines.ts";

/** Notes what it is told. */
function noter() {
  const told: number[] = [];
  const unmarked: number[] = [];
  return {
    told,
    unmarked,
    mark: (number: number) => void told.push(number),
    unmark: (number: number) => void unmarked.push(number),
  };
}

/** A table with two markers, and what they were told. */
function followed() {
  const table = new Table();
  const [link, disk] = [noter(), noter()];
  table.news.add(link);
  table.news.add(disk);
  const told = () => [link.told.splice(0), disk.told.splice(0)];
  return { table, link, disk, told };
}

function record(id: string, time: number) {
  return recordLine(atLine({ id, time: String(time) }));
}

const permissions = "none";

Deno.test({
  name: "News.tell() tells every marker but the one that the news came from",
  permissions,
  fn() {
    const news = new News();
    const [one, other, third] = [noter(), noter(), noter()];
    for (const marker of [one, other, third]) news.add(marker);
    news.tell(7, other);
    news.tell(8, null);
    assertEquals([one.told, other.told, third.told], [[7, 8], [8], [7, 8]]);
    assertEquals([one.unmarked, other.unmarked, third.unmarked], [[], [7], []]);
  },
});

Deno.test({
  name: "News.remove() has a marker told no more, also while news is told",
  permissions,
  fn() {
    const news = new News();
    const [one, other] = [noter(), noter()];
    news.add({ mark: () => news.remove(other) });
    news.add(one);
    news.add(other);
    news.tell(1, null);
    news.tell(2, null);
    assertEquals([one.told, other.told], [[1, 2], [1]]);
  },
});

Deno.test({
  name: "Table.report() tells markers of a report that is news, and of no other",
  permissions,
  fn() {
    const { table, told } = followed();
    const number = table.report(record("kiwi", 2));
    assertNotEquals(number, none);
    assertEquals(told(), [[number], [number]]);
    table.report(record("kiwi", 2));
    table.report(record("kiwi", 1));
    assertEquals(told(), [[], []], "the same and an older one");
    table.report(record("kiwi", 3));
    assertEquals(told(), [[number], [number]], "a newer one, under the same number");
  },
});

Deno.test({
  name: "Table.merge() tells every marker but that of the neighbour that sent the record",
  permissions,
  fn() {
    const { table, link, told } = followed();
    const number = table.merge(record("kiwi", 2), link);
    assertEquals(told(), [[], [number]]);
    table.merge(record("kiwi", 2), link);
    table.merge(record("kiwi", 1));
    assertEquals(told(), [[], []], "the same and an older one");
    table.merge(record("kiwi", 3));
    assertEquals(told(), [[number], [number]], "a newer one, from nobody in particular");
  },
});

Deno.test({
  name: "Table.merge() tells a neighbour's marker that it has what it sent, unless that is older",
  permissions,
  fn() {
    const { table, link } = followed();
    const number = table.report(record("kiwi", 2));
    table.merge(record("kiwi", 1), link);
    assertEquals(link.unmarked, [], "an older one");
    table.merge(record("kiwi", 2), link);
    assertEquals(link.unmarked.splice(0), [number], "the same");
    table.merge(recordLine(atLine({ id: "kiwi", time: "2", server: "Zuse" })), link);
    assertEquals(link.unmarked.splice(0), [number], "one that is greater in the order of all");
    table.merge(recordLine(atLine({ id: "kiwi", time: "2", server: "Ada" })), link);
    assertEquals(link.unmarked, [], "one that is less");
    table.merge(record("kiwi", 3), link);
    assertEquals(link.unmarked, [number], "a newer one");
  },
});

Deno.test({
  name: "Table.forget() tells markers of the number, whose record is gone when they look",
  permissions,
  fn() {
    const { table, told } = followed();
    const number = table.report(record("kiwi", 2));
    told();
    table.forget(number);
    assertEquals(told(), [[number], [number]]);
    assertEquals(table.lineBytes(number), 0);
  },
});

Deno.test({
  name: "Table: a record before forgetBefore is no news",
  permissions,
  fn() {
    const { table, told } = followed();
    table.forgetBefore = 10;
    table.report(record("kiwi", 2));
    table.merge(record("kiwi", 3));
    assertEquals(told(), [[], []]);
  },
});
