// Issue "Nothing lost, nobody in": hostile input. A short run of what `deno task fuzz` does for long,
// and every case that it has found.

import { needs } from "../needs.ts";
import { corpus, replay } from "./corpus.ts";
import { checkLink, linkCase } from "./link_fuzz.ts";
import { checkSession, sessionText } from "./session_fuzz.ts";

const rounds = 150;

Deno.test({
  name: "Session answers every line of random input rightly, however it is cut into pieces",
  permissions: "none",
  async fn() {
    for (let seed = 1; seed <= rounds; seed++) {
      await checkSession(sessionText(seed), seed).catch((error) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
    }
  },
});

Deno.test({
  name: "Links take no random line for anything but what it is, and the server goes on",
  permissions: "none",
  async fn() {
    for (let seed = 1; seed <= rounds; seed++) {
      await checkLink(linkCase(seed), seed).catch((error) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
    }
  },
});

const files = await needs("read");

for (const name of files.ignore ? [] : corpus()) {
  Deno.test({ name: `The case ${name} goes right`, ...files, fn: () => replay(name) });
}
