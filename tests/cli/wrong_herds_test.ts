import { assertEquals, assertRejects } from "@std/assert";
import { check } from "../../lib/cli/check/check.ts";
import { faultsOf } from "../../lib/cli/serve/faults.ts";
import { serve } from "../../lib/cli/serve/serve.ts";
import { HerdFileError } from "../../lib/topology/herd_file.ts";
import { needs } from "../needs.ts";
import { wrongHerds } from "../topology/wrong_herds.ts";

const none = () => Promise.resolve([]);
const environment = { secrets: none, placesKey: undefined };
const absent = () => Promise.resolve(undefined);

Deno.test({
  name: "check() and serve() say the same line of each of 41 wrong herd.json files",
  ...(await needs("read", "write", "net")),
  async fn() {
    assertEquals(wrongHerds.length, 41);
    const config = await Deno.makeTempFile();
    try {
      for (const { what, text, line } of wrongHerds) {
        await Deno.writeTextFile(config, text);
        const said: string[] = [];
        const print = { log: () => {}, error: (line: string) => void said.push(line) };
        const status = await check(config, {
          print,
          faultsOf: (herd, config) => faultsOf(herd, { config, secrets: none, placesKey: absent }),
        });
        assertEquals([status, said], [2, [`${config}: ${line}`]], what);
        const options = { name: "Ann", bare: false, bind: undefined, supervised: false };
        const error = await assertRejects(
          () =>
            serve(
              { ...options, config, logDir: "/", dataDir: undefined, insecureLinks: false },
              environment,
            ),
          HerdFileError,
        );
        assertEquals(error.errors, said, what);
      }
    } finally {
      await Deno.remove(config);
    }
  },
});
