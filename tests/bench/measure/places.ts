/**
 * WHATSAT: with the gazetteer, and with a Google that takes its time.
 *
 * @module
 */

import { placesBudgetMax } from "../../../lib/limits.ts";
import { GoogleStandIn } from "../../spec/google_stand_in.ts";
import { Asking } from "../asking.ts";
import { neighbourNames, serverName } from "../contestants.ts";
import { clientId } from "../load/traffic.ts";
import { cpuSeconds, quantile } from "../machine.ts";
import { count, fixed, type Section } from "../report.ts";
import { planMeasured, type Servers, type Stage, startServer } from "../stage.ts";

const googleMs = 100;
const waitingConnections = 1_000;
const questionsOfEach = 10;

/** @param options.countMs how long the gazetteer is asked */
export async function measurePlaces(
  stage: Stage,
  { countMs }: { countMs: number },
): Promise<Section> {
  const gazetteer = await askGazetteer(stage, countMs);
  const google = await askGoogle(stage);
  return {
    title: "WHATSAT",
    text:
      `The gazetteer: 50 connections, one question each at a time, for 10,000 clients in turn, ten
      places within 10 km; the suite's own client takes a share of the two cores. Google: a stand-in on
      this machine that answers after ${googleMs} ms; ${waitingConnections * questionsOfEach}
      questions at once, about as many clients, on ${waitingConnections} connections. A server has
      256 calls under way at once at the most, so the stand-in alone needs
      ${fixed(waitingConnections * questionsOfEach / 256 * googleMs / 1000, 1)} s. In the meantime
      another client reports, 1,000 lines a second, and never waits for it.`,
    tables: [{
      caption: "The gazetteer",
      columns: ["answers a second", "CPU an answer", "p50", "p99"],
      rows: [[
        count(gazetteer.perSecond),
        `${fixed(gazetteer.cpuMicros, 0)} µs`,
        `${fixed(gazetteer.p50, 2)} ms`,
        `${fixed(gazetteer.p99, 2)} ms`,
      ]],
    }, {
      caption: "Google, 10,000 waiting at once",
      columns: ["all answered after", "calls", "at once", "IAMAT meanwhile p50", "p99"],
      rows: [[
        `${fixed(google.seconds, 2)} s`,
        String(google.calls),
        String(google.mostAtOnce),
        `${fixed(google.p50, 2)} ms`,
        `${fixed(google.p99, 2)} ms`,
      ]],
    }],
    data: { gazetteer, google },
  };
}

async function start(
  stage: Stage,
  more: Record<string, unknown>,
  env: Record<string, string> = {},
) {
  const servers = planMeasured(stage, more);
  const pid = await startServer(stage, servers, serverName, { linked: neighbourNames, env });
  const targets = [{ port: servers.ports[serverName]!, server: serverName }];
  await stage.generator.run({ targets, dialect: "iamat", inFlight: 10, turns: 1 });
  return { pid, servers, targets, port: portOf(servers) };
}

function portOf(servers: Servers): number {
  return servers.ports[serverName]!;
}

async function askGazetteer(stage: Stage, countMs: number) {
  const { pid, servers, port } = await start(stage, { places: { provider: "gazetteer" } });
  using _ = servers;
  const times: number[] = [];
  const endMs = performance.now() + countMs;
  const cpuBefore = cpuSeconds(pid);
  await Promise.all(Array.from({ length: 50 }, async (_, connection) => {
    using client = await Asking.connect(port);
    for (let turn = connection; performance.now() < endMs; turn += 50) {
      const begun = performance.now();
      await client.send(`WHATSAT ${clientId(turn % 10_000)} 10 10\n`);
      await client.answers(1);
      times.push(performance.now() - begun);
    }
  }));
  const cpuMicros = (cpuSeconds(pid) - cpuBefore) / times.length * 1e6;
  await stage.processes.end(pid);
  const sorted = times.sort((one, other) => one - other);
  const perSecond = times.length / countMs * 1000;
  return { perSecond, cpuMicros, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}

async function askGoogle(stage: Stage) {
  await using google = new GoogleStandIn();
  google.always("slow", { delayMs: googleMs, places: 10 });
  const budget = { perMinute: placesBudgetMax, perDay: placesBudgetMax };
  const places = { provider: "google", endpoint: google.newUrl, ...budget };
  const env = { GOOGLE_PLACES_API_KEY: "bench" };
  const { pid, servers, port, targets } = await start(stage, { places }, env);
  using _ = servers;
  const clients = await Promise.all(
    Array.from({ length: waitingConnections }, () => Asking.connect(port)),
  );
  const reports = stage.generator.run({
    targets,
    dialect: "iamat",
    connections: 1,
    clients: 100,
    linesPerSecond: 1_000,
    countMs: 3_000,
  });
  const begun = performance.now();
  await Promise.all(clients.map(async (client, connection) => {
    const ids = Array.from({ length: questionsOfEach }, (_, at) => connection * 10 + at);
    await client.send(ids.map((id) => `WHATSAT ${clientId(id)} 10 10\n`).join(""));
    await client.answers(questionsOfEach);
    client[Symbol.dispose]();
  }));
  const seconds = (performance.now() - begun) / 1000;
  const { latencyMs } = await reports;
  await stage.processes.end(pid);
  const { mostAtOnce, asked } = google;
  return { seconds, calls: asked.length, mostAtOnce, p50: latencyMs!.p50, p99: latencyMs!.p99 };
}
