// The README's first conversation: what it prints is what a server answers.

import { assert, assertEquals } from "@std/assert";
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
    const example = /```console\n\$ printf '(.*)' \| nc -N .*\n([^]*?)```/.exec(readme);
    assert(example !== null);
    const [, said = "", answered = ""] = example;
    await using herd = await RunningHerd.start({ servers: ["Clark"] });
    const answer = await herd.ask("Clark", said.replaceAll("\\n", "\n"));
    assertEquals(timeless(answer), timeless(answered));
  },
});
