import { assert, assertEquals, assertMatch } from "@std/assert";
import { noPlaces, placesAnswer, troubleAnswer } from "../../lib/places/answer.ts";
import type { Answer, Places } from "../../lib/places/places.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { whatsatAnswer } from "../../lib/server/whatsat.ts";
import { HeldPlaces, MemoryServer } from "./memory_server.ts";

const iamat = "IAMAT k +34.5-118.25 1621464827\n";
const record = "AT Clark +1.000000000 k +34.5-118.25 1621464827";

function places(answer: Answer): Places {
  return { provider: "a stand-in", ask: () => Promise.resolve(answer) };
}

Deno.test({
  name: "takeWhatsat() asks for what the client asked for, in metres and degrees",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    const client = await server.client();
    client.send(`${iamat}WHATSAT k 0.25 1\nWHATSAT k 50 20\n`);
    await server.clock.settle();
    assertEquals(server.places.asked, [
      { latitude: 34.5, longitude: -118.25, radiusM: 250, bound: 1 },
      { latitude: 34.5, longitude: -118.25, radiusM: 50_000, bound: 20 },
    ]);
  },
});

Deno.test({
  name: "takeWhatsat() asks nobody for a radius of 0, a bound of 0, or an unknown client",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    const answer = await server.ask(`${iamat}WHATSAT k 0 5\nWHATSAT k 5 0\nWHATSAT l 5 5\n`);
    const empty = `${record}\n${textOf(placesAnswer([]).json)}\n\n`;
    assertEquals(answer, `${record}\n${empty}${empty}? WHATSAT l 5 5\n`);
    assertEquals(server.places.asked, []);
  },
});

Deno.test({
  name:
    "takeWhatsat() takes the record as it is when the command is read, not when places are found",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    const client = await server.client();
    client.send(`${iamat}WHATSAT k 10 5\nIAMAT k +1+1 1621464828\n`);
    await server.clock.settle();
    server.places.findAll();
    await server.clock.settle();
    assertEquals(client.lines.filter((line) => line.startsWith("AT ")), [
      record,
      record,
      "AT Clark +0.000000000 k +1+1 1621464828",
    ]);
  },
});

Deno.test({
  name: "takeWhatsat() answers at once where the places are known, in the order of the commands",
  permissions: "none",
  async fn() {
    const held = new HeldPlaces();
    const known: Places = {
      provider: "known",
      ask: (question) => held.ask(question),
      answerAtOnce: ({ bound }) => bound === 1 ? null : noPlaces,
    };
    const server = await MemoryServer.start({ places: known });
    const client = await server.client();
    client.send(`${iamat}WHATSAT k 10 5\n`);
    await server.clock.settle();
    const empty = [record, ...textOf(placesAnswer([]).json).split("\n"), ""];
    assertEquals(client.lines, [record, ...empty]);
    client.send(`WHATSAT k 10 1\nWHATSAT k 10 7\nnonsense\n`);
    await server.clock.settle();
    assertEquals(client.lines, [record, ...empty]);
    assertEquals(held.asked.map(({ bound }) => bound), [1]);
    held.findAll();
    await server.clock.settle();
    assertEquals(client.lines, [record, ...empty, ...empty, ...empty, "? nonsense"]);
    assertEquals(server.events.of(/asked/).length, 1);
  },
});

Deno.test({
  name: "takeWhatsat() logs what was asked, how it went and how long it took",
  permissions: "none",
  async fn() {
    const well = await MemoryServer.start({ places: places(placesAnswer([])) });
    await well.ask(`${iamat}WHATSAT k 10 5\n`);
    const asked = "a stand-in asked for 5 within 10000 m of 34.5,-118.25: ";
    assertEquals(well.events.of(/asked/), [`INFO ${asked}ZERO_RESULTS, 0 places, 0.0 ms`]);
    const trouble = troubleAnswer("UNKNOWN_ERROR", { message: "no answer", trouble: "late" });
    const badly = await MemoryServer.start({ places: places(trouble) });
    const answer = await badly.ask(`${iamat}WHATSAT k 10 5\n`);
    assert(answer.startsWith(`${record}\n${record}\n{`));
    assertMatch(badly.events.of(/asked/)[0]!, /^WARN .*: UNKNOWN_ERROR, 0 places, 0\.0 ms: late$/);
  },
});

Deno.test({
  name: "takeWhatsat() does not log what the provider logs itself",
  permissions: "none",
  async fn() {
    const trouble = troubleAnswer("OVER_QUERY_LIMIT", { message: "no", trouble: "no" });
    const server = await MemoryServer.start({ places: places({ ...trouble, isLogged: true }) });
    const answer = await server.ask(`${iamat}WHATSAT k 10 5\n`);
    assert(answer.startsWith(`${record}\n${record}\n{`));
    assertEquals(server.events.of(/asked/), []);
  },
});

Deno.test({
  name: "whatsatAnswer() is the record, the text, and two newlines",
  permissions: "none",
  fn() {
    assertEquals(textOf(whatsatAnswer(bytesOf("AT k"), bytesOf("{}"))), "AT k\n{}\n\n");
  },
});
