import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { duplicateNames, JsonTextError } from "../../lib/topology/json_text.ts";

Deno.test({
  name: "duplicateNames() finds names that stand twice in one object, however they are written",
  permissions: "none",
  fn() {
    assertEquals(duplicateNames('{"a": {"b": 1, "c": {"b": 2}}, "b": [{"b": 1}, {"b": 1}]}'), []);
    assertEquals(duplicateNames('{"a": 1, "b": {"x": 1, "\\u0078": 2}, "a": 3, "a": 4}'), [
      ["b", "x"],
      ["a"],
      ["a"],
    ]);
    assertEquals(duplicateNames('[0, {"__proto__": 1, "__proto__": 2}]'), [[1, "__proto__"]]);
  },
});

Deno.test({
  name: "duplicateNames() says where a text stops being JSON and what should be there",
  permissions: "none",
  fn() {
    const noneAfter = "JSON has none after the last item";
    const noComments = 'JSON has none, but a key "//" can hold one';
    const inItsLine = 'that ends in its line, with "\\\\" for a backslash';
    const cases: [string, number, number, string][] = [
      ["", 1, 1, "the end of the file should be a value"],
      ["\n\n  x", 3, 3, '"x" should be a value'],
      ['{"a": 1,\n}', 1, 8, 'the comma before "}" should be taken out: ' + noneAfter],
      ["{a: 1}", 1, 2, '"a" should be a name in double quotes'],
      ['{"a" 1}', 1, 6, '"1" should be ":"'],
      ['{"a": 1 "b": 2}', 1, 9, '"b" should be "," or "}"'],
      ["[1, 2", 1, 6, 'the end of the file should be "," or "]"'],
      ["[1,]", 1, 3, 'the comma before "]" should be taken out: ' + noneAfter],
      ["[1, , 2]", 1, 5, '"," should be a value'],
      ["[01]", 1, 3, '"1" should be "," or "]"'],
      ["1 // one", 1, 3, '"//" should not begin a comment: ' + noComments],
      ["{ /* one */ }", 1, 3, '"/*" should not begin a comment: ' + noComments],
      ["# one\n{}", 1, 1, '"#" should not begin a comment: ' + noComments],
      ["'a'", 1, 1, "\"'a'\" should be in double quotes"],
      ["[True]", 1, 2, '"True" should be a value'],
      ['{"a": "C:\\certs"}', 1, 7, '"C should be a string ' + inItsLine],
      ['{"a": "b\n}', 1, 7, '"b should be a string ' + inItsLine],
      ["\r\n\r\n\u00a0", 3, 1, '"\u00a0" should be a value'],
    ];
    for (const [text, line, column, message] of cases) {
      const error = assertThrows(() => duplicateNames(text), JsonTextError);
      assertEquals({ ...error.place, message: error.message }, { line, column, message });
    }
  },
});

Deno.test({
  name: "duplicateNames() throws exactly when JSON.parse throws",
  permissions: "none",
  fn() {
    const throws = (action: () => unknown): boolean => {
      try {
        action();
        return false;
      } catch {
        return true;
      }
    };
    const piece = fc.constantFrom(...'{}[],:"\\ \n0123.eE+-atrufnlsx\u0001é\u{1F411}');
    const broken = fc.tuple(fc.json(), fc.nat(), fc.nat(3), piece)
      .map(([json, position, removed, piece]) => {
        const start = position % (json.length + 1);
        return json.slice(0, start) + piece + json.slice(start + removed);
      });
    const texts = fc.oneof(fc.json(), broken, fc.array(piece).map((pieces) => pieces.join("")));
    fc.assert(
      fc.property(texts, (text) => {
        assertEquals(throws(() => duplicateNames(text)), throws(() => JSON.parse(text)), text);
      }),
      { numRuns: 2000 },
    );
  },
});
