import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Link, Topology } from "../../lib/topology/topology.ts";

Deno.test({
  name: "neighboursOf() gives both ends of a link each other, in the order of the names",
  permissions: "none",
  fn() {
    const herd = new Topology(["C", "A", "B", "D"], [["A", "B"], ["B", "C"], ["A", "C"]]);
    assertEquals(herd.neighboursOf("A"), ["C", "B"]);
    assertEquals(herd.neighboursOf("B"), ["C", "A"]);
    assertEquals(herd.neighboursOf("D"), []);
    assertEquals(herd.names, ["C", "A", "B", "D"]);
  },
});

Deno.test({
  name: "neighboursOf() throws for a name that is no server",
  permissions: "none",
  fn() {
    const herd = new Topology(["A"], []);
    assertThrows(() => herd.neighboursOf("toString"), RangeError, "toString");
  },
});

Deno.test({
  name: "Topology rejects a link whose end is no server",
  permissions: "none",
  fn() {
    assertThrows(() => new Topology(["A"], [["A", "B"]]), RangeError, '"B"');
  },
});

Deno.test({
  name: "diameter() counts the links between the two farthest servers",
  permissions: "none",
  fn() {
    const of = (names: string, ...links: string[]) =>
      new Topology(names, links.map((link): Link => [link[0] ?? "", link[1] ?? ""])).diameter();
    assertEquals(of("A"), 0);
    assertEquals(of("AB", "AB"), 1);
    assertEquals(of("ABCD", "AB", "BC", "CD"), 3);
    assertEquals(of("ABCDE", "AB", "BC", "CD", "DE", "EA"), 2);
    assertEquals(of("ABC", "AB"), null);
    assertEquals(of("AB"), null);
  },
});

Deno.test({
  name: "parts() groups the servers that news gets to from each other",
  permissions: "none",
  fn() {
    const herd = new Topology(["A", "B", "C", "D", "E"], [["D", "A"], ["E", "B"], ["D", "E"]]);
    assertEquals(herd.parts(), [["A", "B", "D", "E"], ["C"]]);
    assertEquals(new Topology(["A", "B"], [["B", "A"]]).parts(), [["A", "B"]]);
    assertEquals(new Topology(["A", "B"], []).parts(), [["A"], ["B"]]);
  },
});

/** All distances at once (Floyd and Warshall), to compare with. */
function diameterByTable(size: number, links: readonly (readonly [number, number])[]) {
  const distance = (i: number, j: number) =>
    i === j ? 0 : links.some(([a, b]) => a === i && b === j || a === j && b === i) ? 1 : Infinity;
  const all = Array.from({ length: size }, (_, i) => i);
  let table = all.map((i) => all.map((j) => distance(i, j)));
  for (const k of all) {
    table = all.map((i) => all.map((j) => Math.min(table[i]![j]!, table[i]![k]! + table[k]![j]!)));
  }
  const farthest = Math.max(...table.flat());
  return farthest === Infinity ? null : farthest;
}

Deno.test({
  name: "diameter() is what a table of all distances says, for any graph",
  permissions: "none",
  fn() {
    const graph = fc.integer({ min: 1, max: 7 }).chain((size) => {
      const end = fc.nat(size - 1);
      return fc.tuple(fc.constant(size), fc.array(fc.tuple(end, end), { maxLength: 10 }));
    });
    fc.assert(fc.property(graph, ([size, ends]) => {
      const links = ends.filter(([a, b]) => a !== b);
      const names = Array.from({ length: size }, (_, i) => `S${i}`);
      const topology = new Topology(names, links.map(([a, b]): Link => [`S${a}`, `S${b}`]));
      assertEquals(topology.diameter(), diameterByTable(size, links));
    }));
  },
});
