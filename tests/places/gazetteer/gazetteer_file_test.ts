import { assertEquals, assertRejects } from "@std/assert";
import { readPlaces, readPlacesFile } from "../../../lib/places/gazetteer/gazetteer_file.ts";
import { PlacesFileError } from "../../../lib/places/gazetteer/places_file.ts";
import { needs } from "../../needs.ts";

const clock = { soon: queueMicrotask };
const encoder = new TextEncoder();

const geoNames =
  "1\tSuva\tSuva\t\t-18.14\t178.44\tP\tPPLC\tFJ\t\tC\t\t\t\t1\t\t7\tPacific/Fiji\t2019";
const geoJson = JSON.stringify({
  type: "FeatureCollection",
  features: [{
    type: "Feature",
    properties: { name: "Suva" },
    geometry: { type: "Point", coordinates: [178.44, -18.14] },
  }],
});

for (const [format, text] of [["GeoNames", geoNames], ["GeoJSON", geoJson]] as const) {
  for (const before of ["", "\uFEFF", " \r\n\n", "\uFEFF\n\t "]) {
    // A tab in front of a line of GeoNames is an empty first column.
    if (format === "GeoNames" && before.includes("\t")) continue;
    Deno.test({
      name: `readPlaces() knows ${format} behind ${JSON.stringify(before)}, in any pieces`,
      permissions: "none",
      fn: async () => {
        const bytes = encoder.encode(before + text);
        for (const length of [1, 2, 3, bytes.length]) {
          const pieces = Array.from(
            { length: Math.ceil(bytes.length / length) },
            (_, index) => bytes.subarray(index * length, (index + 1) * length),
          );
          const table = await readPlaces(pieces, clock);
          const point = { latitude: -18.14, longitude: 178.44, radiusKm: 0, bound: 9 };
          const { bound, ...circle } = point;
          assertEquals([table.size, table.findNearest(circle, bound)], [1, 1]);
        }
      },
    });
  }
}

for (const text of ["", " ", "\uFEFF", "\n\n\n", '{"type":"FeatureCollection","features":[]}']) {
  Deno.test({
    name: `readPlaces() rejects ${JSON.stringify(text)}, which has no places`,
    permissions: "none",
    fn: async () => {
      await assertRejects(
        () => readPlaces([encoder.encode(text)], clock),
        PlacesFileError,
        "has no places in it",
      );
    },
  });
}

async function withFile(text: string, use: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, text);
    await use(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test({
  name: "readPlacesFile() reads a file of many slices",
  ...(await needs("read", "write")),
  fn: () =>
    withFile(`${geoNames}\n`.repeat(10_000), async (path) => {
      assertEquals((await readPlacesFile({ path, clock })).size, 10_000);
    }),
});

Deno.test({
  name: "readPlacesFile() names the file, the line, the value and what would be right",
  ...(await needs("read", "write")),
  fn: () =>
    withFile(`${geoNames}\n${geoNames.replace("178.44", "278.44")}\n`, async (path) => {
      const error = await assertRejects(() => readPlacesFile({ path, clock }), PlacesFileError);
      assertEquals(
        (error as Error).message,
        `${path}: line 2: column 6, longitude: "278.44": must be degrees from -180 to 180`,
      );
    }),
});

Deno.test({
  name: "readPlacesFile() says so when there is no such file, or it is a directory",
  ...(await needs("read", "write")),
  fn: async () => {
    const directory = await Deno.makeTempDir();
    try {
      for (const path of [`${directory}/none`, directory]) {
        await assertRejects(
          () => readPlacesFile({ path, clock }),
          PlacesFileError,
          `${path}: cannot be read: `,
        );
      }
    } finally {
      await Deno.remove(directory);
    }
  },
});

Deno.test({
  name: "readPlacesFile() lets others have their turn after each slice",
  ...(await needs("read", "write")),
  fn: () =>
    withFile(`${geoNames}\n`.repeat(10_000), async (path) => {
      const waiting: (() => void)[] = [];
      const reading = readPlacesFile({ path, clock: { soon: (go) => waiting.push(go) } });
      let turns = 0;
      let done = false;
      reading.then(() => done = true);
      while (!done) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        assertEquals(waiting.length <= 1, true);
        turns += waiting.length;
        waiting.shift()?.();
      }
      // 860 kB in slices of 128 KiB.
      assertEquals(turns >= 6, true);
    }),
});
