import { assertEquals } from "@std/assert";
import { completion } from "../../../lib/cli/client/completion.ts";

const options = {
  servers: ["Bailey", "Bona", "Clark"],
  history: ["IAMAT kiwi +34-118 now", "WHATSAT kea 10 5", "WHATSAT kiwi 1 1", "hello kaka"],
};

Deno.test({
  name: "completion() knows commands in any case, servers, and clients that were typed before",
  permissions: "none",
  fn() {
    assertEquals(completion("", options)[0].length, 5);
    assertEquals(completion("i", options), [["IAMAT "], "i"]);
    assertEquals(completion("connect B", options), [["Bailey ", "Bona "], "B"]);
    assertEquals(completion("IAMAT k", options), [["kiwi ", "kea "], "k"]);
    assertEquals(completion("WHATSAT ", options), [["kiwi ", "kea "], ""]);
    assertEquals(completion("WHATSAT kiwi 1", options), [[], "1"]);
    assertEquals(completion("hello k", options), [[], "k"]);
  },
});
