// The README's first conversation: what it prints is what a server answers.

import { assert, assertEquals } from "@std/assert";
import { hintFor } from "../../lib/cli/client/hint.ts";
import { bytesOf } from "../../lib/protocol/ascii.ts";
import { processes } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";

/** A time difference is another one each time. */
function timeless(text: string): string {
  return text.replaceAll(/^(AT \w+) \+\d+\.\d{9} /gm, "$1 +0 ");
}

Deno.test({
  name: "README: the first conversation is answered as it is printed there",
  ...processes,
  async fn() {
    const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
    const example = /```console\n\$ deno task client Clark\n([^]*?)```/.exec(readme);
    assert(example !== null);
    await using herd = await RunningHerd.start({ servers: ["Clark"] });
    const [, ...exchanges] = example[1]!.split("Clark> ");
    for (const exchange of exchanges) {
      const [line = "", ...answered] = exchange.split("\n");
      if (line === "quit") continue;
      // The client's own words are tested with the client.
      const answer = answered.filter((line) => !line.startsWith("# ")).join("\n");
      assertEquals(timeless(await herd.ask("Clark", `${line}\n`)), timeless(answer));
      const hints = answered.filter((line) => line.startsWith("# "));
      assertEquals(hints, answer.startsWith("?") ? [`# ${hintFor(bytesOf(line))}`] : []);
    }
    assert(exchanges.length > 3, "there is a conversation");
  },
});
