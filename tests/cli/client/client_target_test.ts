import { assertEquals, assertThrows } from "@std/assert";
import { clientTarget } from "../../../lib/cli/client/client_target.ts";
import { UsageError } from "../../../lib/cli/usage.ts";
import { parseHerdFile } from "../../../lib/topology/herd_file.ts";

function target(...words: string[]) {
  const server = (port: number) => ({ host: "::1", port });
  const herd = { servers: { Clark: server(1), IAMAT: server(2), Bona: server(3) }, links: [] };
  const options = { herd: parseHerdFile(JSON.stringify(herd), "h.json"), config: "h.json" };
  const { name, lines } = clientTarget(words, options);
  return [name, ...lines];
}

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("clientTarget() takes a server's name first, whatever it looks like", () => {
  assertEquals(target("Clark"), ["Clark"]);
  assertEquals(target("Clark", "a b", "", "c"), ["Clark", "a b", "", "c"]);
  assertEquals(target("IAMAT"), ["IAMAT"]);
});

test("clientTarget() takes a first word with white space, or a command's name, for a line", () => {
  assertEquals(target(), [undefined]);
  assertEquals(target("WHATSAT kiwi 10 5", "x"), [undefined, "WHATSAT kiwi 10 5", "x"]);
  assertEquals(target("WHATSAT"), [undefined, "WHATSAT"]);
  assertEquals(target(""), [undefined, ""]);
});

test("clientTarget() joins the words after a bare command's name to one line", () => {
  assertEquals(target("Clark", "IAMAT", "kiwi", "+1-1", "now"), ["Clark", "IAMAT kiwi +1-1 now"]);
  assertEquals(target("WHATSAT", "kiwi", "10", "5"), [undefined, "WHATSAT kiwi 10 5"]);
});

test("clientTarget() refuses a word that is neither, and suggests the nearest server", () => {
  const { message } = assertThrows(() => target("Clrk", "a b"), UsageError);
  assertEquals(
    message,
    'no server "Clrk" in h.json; did you mean Clark? There are Clark, IAMAT, Bona',
  );
});
