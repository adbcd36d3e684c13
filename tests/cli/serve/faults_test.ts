import { assertEquals } from "@std/assert";
import { faultsOf } from "../../../lib/cli/serve/faults.ts";
import { UsageError } from "../../../lib/cli/usage.ts";
import { parseHerdFile } from "../../../lib/topology/herd_file.ts";
import { needs } from "../../needs.ts";

/** What the environment holds. */
interface Environment {
  readonly secret?: string;
  readonly key?: string;
  readonly wrongSecret?: string;
}

const world = await needs("read", "write", "net");

/** The faults of a herd.json in a directory with these files, which lines call `h.json`. */
async function faults(
  herd: Record<string, unknown>,
  { files = {}, ...environment }: Environment & { files?: Record<string, string> } = {},
) {
  const directory = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${directory}/${name}`, text);
    }
    const config = { name: "h.json", path: `${directory}/h.json` };
    const { errors, warnings } = await faultsOf(
      parseHerdFile(JSON.stringify({ links: [], ...herd }), "h.json"),
      {
        config,
        placesKey: () => Promise.resolve(environment.key),
        secrets: () =>
          environment.wrongSecret === undefined
            ? Promise.resolve(environment.secret === undefined ? [] : [environment.secret])
            : Promise.reject(new UsageError(environment.wrongSecret)),
      },
    );
    const named = (line: string) => line.replaceAll(`${directory}/`, "");
    return { errors: errors.map(named), warnings: warnings.map(named) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const ann = { host: "127.0.0.1", port: 1 };
const far = { host: "far.example", port: 2 };
const none = { errors: [], warnings: [] };

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ...world, fn });
}

test("faultsOf() finds nothing in a herd that can start", async () => {
  assertEquals(await faults({ servers: { Ann: ann } }), none);
});

test("faultsOf() warns where links to other machines have no secret, and needs none without", async () => {
  const herd = { servers: { Ann: ann, Far: far }, links: [["Ann", "Far"]] };
  assertEquals(await faults(herd), {
    errors: [],
    warnings: [
      'h.json: servers.Far.host: "far.example" is another machine: links to it need HERD_SECRET ' +
      "in the environment, the same for every server (or --insecure-links)",
    ],
  });
  assertEquals(await faults(herd, { secret: "0123456789abcdef" }), none);
  assertEquals(await faults({ servers: { Far: far } }), none);
  assertEquals(await faults(herd, { wrongSecret: "HERD_SECRET_FILE: is empty" }), {
    errors: [],
    warnings: ["HERD_SECRET_FILE: is empty"],
  });
});

test("faultsOf() warns of a key that the environment lacks, and of one that is none", async () => {
  const herd = { servers: { Ann: ann }, places: { provider: "google" } };
  assertEquals((await faults(herd)).warnings, [
    'places.provider: "google": needs a key in GOOGLE_PLACES_API_KEY; "gazetteer" works without one',
  ]);
  assertEquals((await faults(herd, { key: "two words" })).warnings.length, 1);
  assertEquals(await faults(herd, { key: "key" }), none);
});

test("faultsOf() finds a file of places that is missing or wrong", async () => {
  const herd = { servers: { Ann: ann }, places: { file: "p.geojson" } };
  const missing = await faults(herd);
  assertEquals([missing.errors.length, missing.warnings], [1, []]);
  const wrong = await faults(herd, { files: { "p.geojson": '{"type":"Point"}' } });
  assertEquals([wrong.errors.length, wrong.warnings], [1, []]);
  for (const { errors } of [missing, wrong]) assertEquals(errors[0]!.includes("p.geojson"), true);
});

test("faultsOf() finds certificates that are missing here, and warns of those elsewhere", async () => {
  const tls = { cert: "c.pem", key: "k.pem", port: 3 };
  assertEquals(await faults({ servers: { Ann: { ...ann, tls } } }), {
    errors: ['h.json: servers.Ann.tls.cert: "c.pem": there is no such file'],
    warnings: [],
  });
  assertEquals(await faults({ servers: { Far: { ...far, tls } } }), {
    errors: [],
    warnings: ['h.json: servers.Far.tls: "c.pem": is not on this machine; Far needs it on its own'],
  });
  const files = { "c.pem": "no certificate", "k.pem": "no key" };
  assertEquals(await faults({ servers: { Far: { ...far, tls } } }, { files }), {
    errors: ['h.json: servers.Far.tls.cert: "c.pem" holds no certificate in PEM'],
    warnings: [],
  });
  assertEquals((await faults({ servers: { Ann: ann, Far: far }, ca: "ca.pem" })).errors, [
    'h.json: ca: "ca.pem": there is no such file',
  ]);
});
