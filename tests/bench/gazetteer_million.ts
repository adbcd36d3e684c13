/**
 * How long the gazetteer takes to load a million places, what memory it takes, how long the event
 * loop stands still in the meantime, and how fast it answers then.
 *
 *     deno run --allow-all tests/bench/gazetteer_million.ts [COUNT]
 *
 * The files are made in the system's directory for temporary files; each is loaded in a process of
 * its own, so that the memory is the gazetteer's.
 *
 * @module
 */

import { loadGazetteer } from "../../lib/places/gazetteer/gazetteer.ts";

const kinds = ["P\tPPL", "S\tSCH", "S\tHTL", "T\tMT", "H\tSTM", "S\tCH", "A\tADM3", "L\tPRK"];
const linesPerWrite = 5_000;

if (import.meta.main) {
  const [first = "1000000", path] = Deno.args;
  if (first === "load" && path) await load(path);
  else await measure(Number(first));
}

async function measure(count: number): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "gazetteer-" });
  try {
    for (const name of ["places.txt", "places.geojson"] as const) {
      const path = `${directory}/${name}`;
      await write(path, { count, geoJson: name === "places.geojson" });
      const { size } = await Deno.stat(path);
      console.log(`${name}: ${count} places, ${mebibytes(size)}`);
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-lock", "--allow-all", import.meta.url, "load", path],
      }).spawn();
      if (!(await child.status).success) Deno.exit(1);
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function load(path: string): Promise<void> {
  let longestMs = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
  }, 1);
  const begin = performance.now();
  const gazetteer = await loadGazetteer({ path, clock: { soon: setImmediate } });
  const seconds = (performance.now() - begin) / 1000;
  clearInterval(beat);
  console.log(`  loaded ${gazetteer.size} places in ${seconds.toFixed(2)} s`);
  console.log(`  longest pause of the event loop: ${longestMs.toFixed(1)} ms`);
  console.log(`  memory: ${mebibytes(Deno.memoryUsage().rss)} now, ${await peak()} at the most`);

  const questions = 2_000;
  const asked = performance.now();
  for (let index = 0; index < questions; index += 1) {
    const latitude = -60 + (index * 37) % 120;
    const longitude = -180 + (index * 101) % 360;
    await gazetteer.ask({ latitude, longitude, radiusM: 50_000, bound: 20 });
  }
  const eachMs = (performance.now() - asked) / questions;
  console.log(`  a question for 20 places within 50 km: ${eachMs.toFixed(2)} ms`);
}

/** The most memory that the process ever had; Linux tells. */
async function peak(): Promise<string> {
  try {
    const status = await Deno.readTextFile("/proc/self/status");
    return mebibytes(Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) * 1024);
  } catch {
    return "an unknown amount";
  }
}

async function write(path: string, options: { count: number; geoJson: boolean }): Promise<void> {
  using file = await Deno.open(path, { create: true, write: true, truncate: true });
  const writer = file.writable.getWriter();
  const encoder = new TextEncoder();
  const put = (text: string) => writer.write(encoder.encode(text));
  const { count, geoJson } = options;
  if (geoJson) await put('{"type":"FeatureCollection","name":"bench","features":[\n');
  for (let index = 0; index < count; index += linesPerWrite) {
    const length = Math.min(linesPerWrite, count - index);
    const lines = Array.from({ length }, (_, offset) => line(index + offset, options));
    await put(lines.join(""));
  }
  if (geoJson) await put("]}\n");
  await writer.close();
}

function line(index: number, { count, geoJson }: { count: number; geoJson: boolean }): string {
  // Spread over the globe by the golden ratio, so that no two are at one position.
  const latitude = (Math.asin(2 * (index + 0.5) / count - 1) * 180 / Math.PI).toFixed(5);
  const longitude = ((index * 0.618033988749895 % 1) * 360 - 180).toFixed(5);
  const name = `Плаце ${index} sur Mér`;
  if (geoJson) {
    const properties = {
      name,
      types: ["locality", "political"],
      vicinity: `District ${index % 999}`,
    };
    const coordinates = [Number(longitude), Number(latitude)];
    const geometry = { type: "Point", coordinates };
    const feature = JSON.stringify({ type: "Feature", properties, geometry });
    return index === count - 1 ? `${feature}\n` : `${feature},\n`;
  }
  const names = `${name}\tPlatse ${index} sur Mer\tPlatse ${index},Place ${index},Plaza ${index}`;
  const kind = kinds[index % kinds.length];
  return `${index}\t${names}\t${latitude}\t${longitude}\t${kind}\tFR\t\t${index % 90}\t75\t751\t` +
    `75056\t${index % 5000}\t\t42\tEurope/Paris\t2024-01-01\n`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
