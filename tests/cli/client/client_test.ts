import { assertEquals, assertMatch } from "@std/assert";
import { needs } from "../../needs.ts";
import { herdFileOf, TcpServer } from "../tcp_server.ts";

const program = new URL("../../../main.ts", import.meta.url);
const world = await needs("net", "run", "read", "write");

interface ClientRun {
  readonly words: readonly string[];
  /** Standard input; nothing when it is not given. */
  readonly input?: string;
}

/** Runs the client against some servers, to its end. */
async function run(servers: readonly TcpServer[], { words, input = "" }: ClientRun) {
  const config = await herdFileOf(servers);
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-lock", "--no-prompt", "--allow-net", "--allow-read"],
        "--allow-env=HERD_TOKEN,HERD_TOKEN_FILE",
        ...[program.href, "client", "--config", config, ...words],
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, out: text(stdout), err: text(stderr) };
  } finally {
    await Deno.remove(config);
  }
}

const at = (name: string) => `AT ${name} +0.1 kiwi +1-1 1.5\n`;
const json = '{\n  "results" : [],\n  "status" : "OK"\n}\n\n';

Deno.test({
  name: "client() asks once, prints the answer byte for byte, and returns 0 or 1",
  ...world,
  async fn() {
    await using clark = new TcpServer("Clark");
    const asked = await run([clark], { words: ["Clark", "WHATSAT kiwi 10 5"] });
    assertEquals(asked, { code: 0, out: at("Clark") + json, err: "" });
    const refused = await run([clark], { words: ["Clark", "IAMAT kiwi +1-1 1", "nonsense"] });
    assertEquals(refused, { code: 1, out: `${at("Clark")}? nonsense\n`, err: "" });
  },
});

Deno.test({
  name: "client() takes lines from a pipe, and any server that answers",
  ...world,
  async fn() {
    const dead = new TcpServer("Bona");
    await dead[Symbol.asyncDispose]();
    await using clark = new TcpServer("Clark");
    const piped = await run([dead, clark], {
      words: [],
      input: "IAMAT kiwi +1-1 now\nWHATSAT kiwi 10 5\n",
    });
    assertEquals(piped, {
      code: 0,
      out: at("Clark") + at("Clark") + json,
      err: "connected to Clark\n",
    });
  },
});

Deno.test({
  name: "client() returns 2 when no server answers, or it dies before it has answered",
  ...world,
  async fn() {
    const clark = new TcpServer("Clark");
    const died = await run([clark], { words: ["Clark", "die"] });
    assertEquals([died.code, died.out], [2, ""]);
    assertMatch(died.err, /Clark.*\nnot answered: die\n$/);
    const dead = await run([clark], { words: ["Clark", "IAMAT kiwi +1-1 1"] });
    assertEquals(dead, {
      code: 2,
      out: "",
      err: "no answer from Clark; to start it: deno task serve Clark\n",
    });
    await clark[Symbol.asyncDispose]();
  },
});
