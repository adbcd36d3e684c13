import { assertEquals } from "@std/assert";
import { hintFor } from "../../../lib/cli/client/hint.ts";
import { parseWhatsat, scanIamat } from "../../../lib/protocol/command.ts";
import { RecordFields } from "../../../lib/protocol/record.ts";

const location = "LOCATION should look like +34.068930-118.445127: latitude, then longitude, " +
  "each signed";
const iamat = "IAMAT takes ID LOCATION TIME, as in IAMAT kiwi +34.068930-118.445127 now";
const whatsat = "WHATSAT takes ID RADIUS BOUND, as in WHATSAT kiwi 10 5";
const time = "TIME should be seconds since 1970, such as 1621464827.959498503, or now";
const radius = "RADIUS is 0 to 50, in kilometres";
const bound = "BOUND is 0 to 20, a whole number";
const begin = "a line begins with IAMAT or WHATSAT; help shows examples";

/** Lines that a server refuses, and what is said of each. */
const cases: readonly [line: string, hint: string][] = [
  ["IAMAT", iamat],
  ["IAMAT kiwi", iamat],
  ["IAMAT kiwi +34-118", iamat],
  ["IAMAT kiwi +34-118 5 6 7", iamat],
  ["IAMAT kiwi 34.07,-118.45 5", location],
  ["IAMAT kiwi 34-118 5", location],
  ["IAMAT kiwi +34 5", location],
  ["IAMAT kiwi +134-118 5", "the latitude, which comes first, is -90 to +90"],
  ["IAMAT kiwi +34-181 5", "the longitude is -180 to +180"],
  [
    "IAMAT kiwi +34.07 -118.45 5",
    "LOCATION is one word: latitude and longitude have nothing between them",
  ],
  [`IAMAT kiwi +34.${"0".repeat(64)}-118 5`, "LOCATION has at most 64 bytes"],
  [`IAMAT ${"k".repeat(1025)} +34-118 5`, "ID has at most 1024 bytes"],
  ["IAMAT kiwi +34-118 today", time],
  ["IAMAT kiwi +34-118 -5", time],
  ["IAMAT kiwi +34-118 1e9", time],
  ["IAMAT kiwi +34-118 5.", time],
  [`IAMAT kiwi +34-118 ${"9".repeat(65)}`, "TIME has at most 64 bytes"],
  ["WHATSAT", whatsat],
  ["WHATSAT kiwi 10", whatsat],
  ["WHATSAT kiwi 10 5 1", whatsat],
  ["WHATSAT kiwi 51 5", radius],
  ["WHATSAT kiwi 50.01 5", radius],
  ["WHATSAT kiwi -1 5", radius],
  ["WHATSAT kiwi 10km 5", radius],
  ["WHATSAT kiwi 10 21", bound],
  ["WHATSAT kiwi 10 1.5", bound],
  ["WHATSAT kiwi 10 -1", bound],
  [`WHATSAT ${"k".repeat(1025)} 10 5`, "ID has at most 1024 bytes"],
  ["iamat kiwi +34-118 5", "IAMAT is written in capitals"],
  ["whatsat", "WHATSAT is written in capitals"],
  ["IMAT kiwi +34-118 5", "did you mean IAMAT?"],
  ["WHATAT kiwi 10 5", "did you mean WHATSAT?"],
  ["hlep", "did you mean help?"],
  ["exti", begin],
  ["hello there", begin],
  ["", begin],
  ["AT Clark +0.1 kiwi +34-118 5", begin],
];

Deno.test({
  name: "hintFor() says of a line that cannot be right what would be",
  permissions: "none",
  fn() {
    const encoder = new TextEncoder();
    for (const [line, hint] of cases) {
      assertEquals(hintFor(encoder.encode(line)), hint, line);
      const isIamat = scanIamat(encoder.encode(`${line}\n`), 0, new RecordFields());
      assertEquals([isIamat, parseWhatsat(encoder.encode(line))], [false, null], line);
    }
  },
});

Deno.test({
  name: "hintFor() says why a line was refused in which every field is right",
  permissions: "none",
  fn() {
    const hint = (line: string) => hintFor(new TextEncoder().encode(line));
    assertEquals(hint("WHATSAT kiwi 10 5"), "no such client: nobody has reported kiwi");
    assertEquals(
      hint("IAMAT kiwi +34-118 1621464827959"),
      "TIME is further ahead of the server's clock than it allows; is it in milliseconds?",
    );
  },
});
