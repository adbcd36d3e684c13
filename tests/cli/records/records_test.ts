import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { importRecords } from "../../../lib/cli/client/import_records.ts";
import { StartError } from "../../../lib/cli/exit_status.ts";
import { exportRecords } from "../../../lib/cli/records/export_records.ts";
import { recordText } from "../../../lib/cli/records/record_text.ts";
import { reportsIn } from "../../../lib/cli/records/reports_in.ts";
import type { RecordFormat } from "../../../lib/cli/commands.ts";
import { Store } from "../../../lib/store/store.ts";
import { systemClock } from "../../../lib/transport/system.ts";
import { tcp } from "../../../lib/transport/tcp.ts";
import { needs } from "../../needs.ts";
import { RunningHerd } from "../../process/running_herd.ts";
import { until } from "../../process/waiting.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const formats = ["at", "ndjson", "geojson"] as const;

/** Lines as a server has them on disk, an older one of kiwi and a deleted client among them. */
const stored = [
  "AT Clark +0.000000001 kiwi +34.0-118.0 100\n",
  "AT Bona +0.000000001 kiwi +34.068930-118.445127 1621464827.959498503\n",
  'AT Bona +0.000000001 "é🥝\\ -0.50+007.0 7.0\n',
  "AT Bona +0.000000000 gone - 200\n",
];
const reports = [
  "IAMAT kiwi +34.068930-118.445127 1621464827.959498503\n",
  'IAMAT "é🥝\\ -0.50+007.0 7.0\n',
];

const world = await needs("read", "write", "net", "env", "run");

/** A herd.json with a server Clark, whose data file holds lines. */
async function withStore(
  lines: readonly (string | Uint8Array)[],
  fn: (config: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    const config = `${directory}/herd.json`;
    const herd = { servers: { Clark: { host: "127.0.0.1", port: 1 } }, links: [], durable: true };
    await Deno.writeTextFile(config, JSON.stringify(herd));
    await Deno.mkdir(`${directory}/data`);
    using store = await Store.open(`${directory}/data/Clark.db`, { sync: false });
    for (const line of lines) store.append(typeof line === "string" ? encoder.encode(line) : line);
    await fn(config);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function exported(config: string, format: RecordFormat) {
  const pieces: Uint8Array[] = [];
  const said: string[] = [];
  const status = await exportRecords({
    ...{ name: "Clark", config, format, dataDir: undefined },
    write: (bytes) => void pieces.push(bytes),
    print: { error: (line: string) => void said.push(line) },
  });
  const bytes = new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
  return { status, bytes, text: decoder.decode(bytes), said };
}

for (const format of formats) {
  Deno.test({
    name: `exportRecords() writes the newest record of each client as ${format}, import reads it`,
    ...world,
    fn: () =>
      withStore(stored, async (config) => {
        const { status, bytes, said } = await exported(config, format);
        assertEquals([status, said], [0, ["left out: 1 clients that were deleted"]]);
        const { lines, faults } = reportsIn(bytes);
        assertEquals(faults, []);
        assertEquals(lines.map((line) => decoder.decode(line)), reports);
      }),
  });
}

Deno.test({
  name: "exportRecords() writes GeoJSON whose points are where the clients are",
  ...world,
  fn: () =>
    withStore(stored, async (config) => {
      const { features, type } = JSON.parse((await exported(config, "geojson")).text);
      assertEquals([type, features.length], ["FeatureCollection", 2]);
      assertEquals(features[0], {
        type: "Feature",
        id: "kiwi",
        geometry: { type: "Point", coordinates: [-118.445127, 34.06893] },
        properties: {
          location: "+34.068930-118.445127",
          time: "1621464827.959498503",
          server: "Bona",
        },
      });
      assertEquals(features[1].geometry.coordinates, [7, -0.5]);
    }),
});

Deno.test({
  name: "exportRecords() keeps an ID that is not UTF-8 in AT lines, and counts it out of JSON",
  ...world,
  fn() {
    const line = Uint8Array.from([
      ...encoder.encode("AT Bona +0.000000001 "),
      0xff,
      ...encoder.encode(" +1-1 5\n"),
    ]);
    return withStore([line], async (config) => {
      assertEquals((await exported(config, "at")).bytes, line);
      const { text, said } = await exported(config, "ndjson");
      assertEquals(text, "");
      assertMatch(said[0]!, /^left out: 1 clients whose IDs are not UTF-8/);
    });
  },
});

Deno.test({
  name: "exportRecords() says where there is no file, and changes nothing in one",
  ...world,
  fn: () =>
    withStore([], async (config) => {
      assertEquals(
        (await exported(config, "geojson")).text.replaceAll("\n", ""),
        '{"type":"FeatureCollection","features":[]}',
      );
      const elsewhere = { name: "Clark", config, format: "at", dataDir: "/nowhere" } as const;
      await assertRejects(
        () => exportRecords(elsewhere),
        StartError,
        "/nowhere/Clark.db: there is no such file; --data-dir DIR names another directory",
      );
    }),
});

Deno.test({
  name: "reportsIn() says which lines are no records, and takes the others",
  permissions: "none",
  fn() {
    const lines = (text: string) => {
      const { lines, faults } = reportsIn(encoder.encode(text));
      return [lines.map((line) => decoder.decode(line)).join(""), ...faults];
    };
    const right = "IAMAT a +1-1 5\n";
    const wanted = 'should be a record: an AT line, or an object with "id", "location", "time"';
    assertEquals(lines("AT B +0.1 a +1-1 5\n\nhello\nAT B +0.1 a +1-1"), [
      right,
      `line 3: ${wanted}`,
      `line 4: ${wanted}`,
    ]);
    assertEquals(lines('{"id":"a","location":"+1-1","time":"5"}\n{"id":"a b"}\n{"id":1}'), [
      right,
      'line 2: "id" should be a string without white space',
      'line 3: "id" should be a string without white space',
    ]);
    assertEquals(lines('{"id":"a","location":"+1-1"}'), [
      "",
      'line 1: "time" should be a string without white space',
    ]);
    assertEquals(lines('{\n "type": "FeatureCollection",\n "features": [{}, 1]\n}'), [
      "",
      ...[0, 1].map((at) =>
        `features[${at}]: should be a feature with an "id", and "location" and "time" among its ` +
        "properties"
      ),
    ]);
    assertEquals(lines(""), [""]);
  },
});

Deno.test({
  name: "recordText() gives null where JSON cannot hold the ID",
  permissions: "none",
  fn() {
    const line = Uint8Array.from([
      ...encoder.encode("AT B +0.1 "),
      0xc3,
      ...encoder.encode(" +1-1 5\n"),
    ]);
    assertEquals(formats.map((format) => recordText(line, format) === null), [false, true, true]);
  },
});

Deno.test({
  name: "importRecords() moves a herd: every record of the old one is in the new one",
  ...world,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withStore(stored.slice(0, 3), async (config) => {
      const { bytes } = await exported(config, "ndjson");
      await using herd = await RunningHerd.start({
        servers: ["Clark", "Bona"],
        links: [["Clark", "Bona"]],
      });
      const said: string[] = [];
      const log = (line: string) => void said.push(line);
      const run = (input: Uint8Array) =>
        importRecords({
          ...{ name: "Clark", file: undefined, config: herd.config, transport: tcp },
          ...{ clock: systemClock, input: () => Promise.resolve(input) },
          print: { log, error: log },
        });
      assertEquals(await run(bytes), 0);
      assertEquals(said.splice(0), ["Clark has 2 of 2 records now, or newer ones"]);
      await until(
        async () =>
          /^AT Clark \S+ kiwi \+34\.068930-118\.445127 1621464827\.959498503\n/
            .test(await herd.ask("Bona", "WHATSAT kiwi 0 0\n")),
        "Bona knows kiwi",
      );
      // Again, with something older, something refused and something that is no record.
      const older = encoder.encode("AT B +0.1 kiwi +1-1 5\nAT B +0.1 kea +91-1 5\nhello\n");
      assertEquals(await run(older), 1);
      assertEquals(said, [
        'standard input: line 3: should be a record: an AT line, or an object with "id", ' +
        '"location", "time"',
        "standard input: refused: IAMAT kea +91-1 5",
        "Clark has 1 of 3 records now, or newer ones",
      ]);
      assert((await herd.ask("Clark", "WHATSAT kea 0 0\n")).startsWith("? "));
    }),
});
