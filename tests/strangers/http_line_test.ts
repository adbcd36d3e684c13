// Issue "The edge", 7: no web page can have a visitor's browser report anything.

import { assertEquals } from "@std/assert";
import { processes } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";

Deno.test({
  name: "A browser's POST with reports as its body stores nothing, and is closed",
  ...processes,
  async fn() {
    await using herd = await RunningHerd.start({ servers: ["Clark"] });
    const url = `http://127.0.0.1:${herd.port("Clark")}/IAMAT`;
    const body = "\nIAMAT forged +34.068930-118.445127 1621464827.5\n".repeat(1_000);
    const error = await fetch(url, { method: "POST", body }).then(() => null, (error) => error);
    assertEquals(error instanceof TypeError, true, "what came back is no HTTP");
    assertEquals(await herd.record("Clark", "forged"), null);
    const request = `POST / HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    assertEquals(await herd.ask("Clark", request), "? POST / HTTP/1.1\n");
    assertEquals(await herd.record("Clark", "forged"), null);
    assertEquals(herd.log("Clark").includes("IAMAT forged"), false);
  },
});
