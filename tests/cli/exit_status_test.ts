import { assertEquals } from "@std/assert";
import { exitStatusOf, StartError } from "../../lib/cli/exit_status.ts";
import { UsageError } from "../../lib/cli/usage.ts";
import { PlacesFileError } from "../../lib/places/gazetteer/places_file.ts";
import { PlacesConfigurationError } from "../../lib/places/google/api_key.ts";
import { HerdFileError } from "../../lib/topology/herd_file.ts";

Deno.test({
  name: "exitStatusOf() tells whose fault an error is: the operator's, the machine's, or our own",
  permissions: "none",
  fn() {
    const wrong = [
      new UsageError("a flag"),
      new HerdFileError(["a line", "another"]),
      new PlacesConfigurationError("a key"),
      new PlacesFileError("a place"),
    ];
    for (const error of wrong) assertEquals(exitStatusOf(error), 2, error.name);
    assertEquals(exitStatusOf(new StartError("a port")), 1);
    for (const error of [new Error("a bug"), new TypeError("a bug"), "a bug", null]) {
      assertEquals(exitStatusOf(error), null);
    }
  },
});

Deno.test({
  name: "exitStatusOf() judges by class, not by name",
  permissions: "none",
  fn() {
    const impostor = Object.assign(new Error("a bug"), { name: "UsageError" });
    assertEquals(exitStatusOf(impostor), null);
  },
});
