import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Lines } from "../../lib/cli/lines.ts";
import { joined } from "../../lib/protocol/pending_bytes.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test({
  name: "Lines gives the same lines however the bytes come in pieces",
  permissions: "none",
  fn() {
    const pieces = fc.array(
      fc.array(fc.constantFrom(10, 13, 65, 0, 255)).map((codes) => Uint8Array.from(codes)),
    );
    fc.assert(fc.property(pieces, (pieces) => {
      const whole = joined(pieces);
      const inPieces = new Lines({ lineBytesMax: 1000 });
      const atOnce = new Lines({ lineBytesMax: 1000 });
      const given = [...pieces.flatMap((piece) => inPieces.push(piece)), ...inPieces.end()];
      assertEquals(given, [...atOnce.push(whole), ...atOnce.end()]);
      assertEquals(joined(given), whole);
      for (const line of given.slice(0, -1)) assertEquals(line.indexOf(10), line.length - 1);
    }));
  },
});

Deno.test({
  name: "Lines keeps what is unfinished though the piece is written over",
  permissions: "none",
  fn() {
    const lines = new Lines({ lineBytesMax: 100 });
    const piece = bytes("one");
    assertEquals(lines.push(piece), []);
    piece.fill(0);
    assertEquals(lines.push(bytes("\n")), [bytes("one\n")]);
    assertEquals(lines.end(), []);
  },
});

Deno.test({
  name: "Lines gives a line beyond lineBytesMax out in parts",
  permissions: "none",
  fn() {
    const lines = new Lines({ lineBytesMax: 4 });
    assertEquals(lines.push(bytes("1234")), []);
    assertEquals(lines.push(bytes("5")), [bytes("12345")]);
    assertEquals(lines.push(bytes("6\n78")), [bytes("6\n")]);
    assertEquals(lines.end(), [bytes("78")]);
  },
});
