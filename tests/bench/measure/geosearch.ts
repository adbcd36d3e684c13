/**
 * WHATSAT beside Redis' GEOSEARCH: the same places, the same questions, in turn.
 *
 * @module
 */

import { Asking } from "../asking.ts";
import { neighbourNames, serverName } from "../contestants.ts";
import { city, densePlaces, writeGeoNames } from "../dense_places.ts";
import { median } from "../machine.ts";
import { addPlaces } from "../redis.ts";
import { count, fixed, type Gate, type Section } from "../report.ts";
import { planMeasured, type Stage, startServer } from "../stage.ts";
import { rest } from "./throughput.ts";

const depths = [1, 16] as const;
const askedFrom = 32;
const placesMany = 1_000_000;
const bound = 10;

/** Redis has no places nearer to the poles. */
const redisLatitudeMax = 85;

/** Places, questions about them, and what must show. */
interface Case {
  readonly name: string;
  /** The key in Redis. */
  readonly key: string;
  readonly places: Iterable<{ name: string; latitude: string; longitude: string }>;
  /** What the gazetteer is in herd.json. */
  readonly gazetteer: Readonly<Record<string, unknown>>;
  readonly middle: { readonly latitude: number; readonly longitude: number };
  readonly radii: readonly {
    readonly km: number;
    readonly atLeast: readonly number[];
    readonly longer?: number;
  }[];
}

/** @param options.rounds how often each of the two is asked at each point */
export async function measureGeosearch(
  stage: Stage,
  { rounds, countMs, many = placesMany }: {
    readonly rounds: number;
    readonly countMs: number;
    /** How many made-up places. */
    readonly many?: number;
  },
): Promise<Section | null> {
  if (stage.redis === null) return null;
  const file = `${stage.processes.directory}/dense.txt`;
  await writeGeoNames(file, many);
  const cases: Case[] = [{
    name: "built-in places, UCLA",
    key: "builtin",
    places: await builtInPlaces(),
    gazetteer: {},
    middle: { latitude: 34.06893, longitude: -118.445127 },
    radii: [{ km: 10, atLeast: [1.1, 1.8] }],
  }, {
    name: "a million places, a dense city",
    key: "dense",
    places: densePlaces(many),
    gazetteer: { file },
    middle: city,
    radii: [{ km: 1, atLeast: [1.5, 2.5] }, { km: 10, atLeast: [10], longer: 10 }],
  }];
  const rows: Row[] = [];
  for (const one of cases) rows.push(...await compare(stage, one, { rounds, countMs }));
  await Deno.remove(file);
  return section(rows, rounds);
}

interface Row {
  readonly name: string;
  readonly km: number;
  readonly inFlight: number;
  readonly herd: number;
  readonly redis: number;
  /** Of each round. */
  readonly ratios: readonly number[];
  readonly cpuMicros: number;
  readonly redisCpuMicros: number;
  readonly atLeast: number;
}

async function compare(
  stage: Stage,
  { name, key, places, gazetteer, middle, radii }: Case,
  { rounds, countMs }: { readonly rounds: number; readonly countMs: number },
): Promise<Row[]> {
  const redis = stage.redis!;
  await addPlaces(redis, key, places);
  using servers = planMeasured(stage, { places: { provider: "gazetteer", ...gazetteer } });
  const herdPid = await startServer(stage, servers, serverName, { linked: neighbourNames });
  const port = servers.ports[serverName]!;
  const from = Array.from({ length: askedFrom }, (_, at) => {
    const latitude = middle.latitude + ((at * 0.754877666246693) % 1 - 0.5) / 50;
    const longitude = middle.longitude + ((at * 0.569840290998053) % 1 - 0.5) / 50;
    return { id: `c${at}`, latitude: latitude.toFixed(6), longitude: longitude.toFixed(6) };
  });
  await report(port, from);
  const rows: Row[] = [];
  for (const { km, atLeast, longer = 1 } of radii) {
    const herd = {
      port,
      pid: herdPid,
      questions: from.map(({ id }) => `WHATSAT ${id} ${km} ${bound}\n`),
    };
    const other = {
      ...redis,
      questions: from.map(({ latitude, longitude }) =>
        `GEOSEARCH ${key} FROMLONLAT ${longitude} ${latitude} BYRADIUS ${km} km ASC ` +
        `COUNT ${bound} WITHCOORD\r\n`
      ),
    };
    // With sixteen in flight Redis would answer the first question of 10 km after many seconds.
    for (const [at, least] of atLeast.entries()) {
      const inFlight = depths[at]!;
      const results: { herd: Asked; redis: Asked }[] = [];
      const job = { inFlight, countMs: countMs * longer };
      await ask(stage, herd, job);
      for (let round = 0; round < rounds; round++) {
        results.push({
          herd: await ask(stage, herd, job),
          redis: await ask(stage, other, job),
        });
      }
      const of = (choose: (result: { herd: Asked; redis: Asked }) => number) =>
        median(results.map(choose));
      rows.push({
        name,
        km,
        inFlight,
        herd: of(({ herd }) => herd.perSecond),
        redis: of(({ redis }) => redis.perSecond),
        ratios: results.map(({ herd, redis }) => herd.perSecond / redis.perSecond),
        cpuMicros: of(({ herd }) => herd.cpuMicros),
        redisCpuMicros: of(({ redis }) => redis.cpuMicros),
        atLeast: least,
      });
    }
  }
  await stage.processes.end(herdPid);
  return rows;
}

interface Asked {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

async function ask(
  { generator }: Stage,
  { port, pid, questions }: {
    readonly port: number;
    readonly pid: number;
    readonly questions: readonly string[];
  },
  { inFlight, countMs }: { readonly inFlight: number; readonly countMs: number },
): Promise<Asked> {
  await rest();
  const targets = [{ port, server: serverName }];
  const job = { targets, dialect: "iamat", questions, inFlight, countMs, pids: [pid] } as const;
  const { linesPerSecond, lines, cpuSeconds } = await generator.run(job);
  return { perSecond: linesPerSecond, cpuMicros: cpuSeconds[0]! / lines * 1e6 };
}

/** Reports where the clients are, and waits until the gazetteer answers. */
async function report(
  port: number,
  from: readonly { id: string; latitude: string; longitude: string }[],
): Promise<void> {
  using client = await Asking.connect(port);
  for (const { id, latitude, longitude } of from) {
    const north = latitude.startsWith("-") ? latitude : `+${latitude}`;
    const east = longitude.startsWith("-") ? longitude : `+${longitude}`;
    await client.line(`IAMAT ${id} ${north}${east} 1621464827.959498503\n`);
  }
  await client.send(`WHATSAT ${from[0]!.id} 1 1\n`);
  await client.answers(1);
}

async function builtInPlaces() {
  const { default: collection } = await import(
    "../../../lib/places/gazetteer/gazetteer.json",
    { with: { type: "json" } }
  );
  return collection.features.filter(({ geometry }) =>
    Math.abs(geometry.coordinates[1]!) < redisLatitudeMax
  ).map(({ geometry, properties }) => ({
    name: properties.name,
    latitude: String(geometry.coordinates[1]),
    longitude: String(geometry.coordinates[0]),
  }));
}

function section(rows: readonly Row[], rounds: number): Section {
  const gates: Gate[] = rows.map(({ name, km, inFlight, ratios, atLeast }) => ({
    what: `WHATSAT to Redis GEOSEARCH, ${name}, ${km} km, ${inFlight} in flight`,
    got: median(ratios),
    atLeast,
  }));
  return {
    title: "WHATSAT beside GEOSEARCH",
    text:
      `50 connections; ${askedFrom} clients within a kilometre or two of one point are asked about in
      turn, ${bound} places of each, beside \`GEOSEARCH … BYRADIUS … ASC COUNT ${bound} WITHCOORD\` of
      Redis over the same places, by the same load generator, ${rounds} rounds in turn. The herd's
      answer is the JSON of those places, about 4 KB, and is in its log; the answer of Redis is names
      and coordinates. The million: made up, a fifth of them in one city of 40 km, in no order.`,
    tables: [{
      columns: [
        "places",
        "within",
        "in flight",
        "herd",
        "Redis",
        "ratio",
        "CPU an answer",
        "Redis",
      ],
      rows: rows.map((row) => [
        row.name,
        `${row.km} km`,
        String(row.inFlight),
        `${count(row.herd)}/s`,
        `${count(row.redis)}/s`,
        `${fixed(median(row.ratios), 2)} (${fixed(Math.min(...row.ratios), 2)}–` +
        `${fixed(Math.max(...row.ratios), 2)})`,
        `${fixed(row.cpuMicros, 1)} µs`,
        `${fixed(row.redisCpuMicros, 1)} µs`,
      ]),
    }],
    gates,
    data: rows,
  };
}
