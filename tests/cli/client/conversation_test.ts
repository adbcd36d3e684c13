import { assert, assertEquals, assertMatch } from "@std/assert";
import { needs } from "../../needs.ts";
import { herdFileOf, TcpServer } from "../tcp_server.ts";

const program = new URL("../../../main.ts", import.meta.url);

/** Runs a program on a terminal of 80 columns; its input and output are this process's. */
const onTerminal = [
  "import pty, sys",
  "size = ['sh', '-c', 'stty cols 80 rows 24; exec \"$@\"', 'sh']",
  "sys.exit(pty.spawn(size + sys.argv[1:]) >> 8)",
].join("\n");

/** What the client needs; readline asks for the kind of terminal. */
const permissions = [
  ...[
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--allow-env=TERM,HOME,XDG_STATE_HOME,HERD_TOKEN,HERD_TOKEN_FILE",
  ],
];

async function hasPython(): Promise<boolean> {
  try {
    const args = ["-c", "import pty"];
    return (await new Deno.Command("python3", { args, stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

/** A person at a terminal. */
class Person implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  readonly #changed = new EventTarget();
  #seen = "";
  #isOver = false;

  constructor(config: string, words: readonly string[]) {
    const deno = [Deno.execPath(), "run", "--quiet", "--no-lock", "--no-prompt"];
    const client = [program.href, "client", "--config", config, ...words];
    this.#child = new Deno.Command("python3", {
      args: ["-c", onTerminal, ...deno, ...permissions, ...client],
      env: { TERM: "xterm", NO_COLOR: "", XDG_STATE_HOME: `${config}.state` },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  async type(keys: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(keys));
  }

  /** Waits until something new is on the terminal; what was before it is done with. */
  async sees(text: string): Promise<string> {
    while (!this.#seen.includes(text)) {
      if (this.#isOver) throw new Error(`ended without ${text}, after ${this.#seen}`);
      await this.#change();
    }
    const end = this.#seen.indexOf(text) + text.length;
    const seen = this.#seen.slice(0, end);
    this.#seen = this.#seen.slice(end);
    return seen;
  }

  async ended(): Promise<{ code: number; rest: string }> {
    const { code } = await this.#child.status;
    await this.#reading;
    return { code, rest: this.#seen };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {});
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It has ended, as most tests want it.
    }
    await this.ended();
  }

  #change(): Promise<unknown> {
    return new Promise((resolve) =>
      this.#changed.addEventListener("change", resolve, { once: true })
    );
  }

  async #read(): Promise<void> {
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.#seen += text;
      this.#changed.dispatchEvent(new Event("change"));
    }
    this.#isOver = true;
    this.#changed.dispatchEvent(new Event("change"));
  }
}

const world = await needs("net", "run", "read", "write");
const options = { ...world, sanitizeOps: false, sanitizeResources: false };
options.ignore ||= !await hasPython();

async function withPerson(
  servers: readonly TcpServer[],
  { words, fn }: { words: readonly string[]; fn: (person: Person) => Promise<void> },
): Promise<void> {
  const config = await herdFileOf(servers);
  try {
    await using person = new Person(config, words);
    await fn(person);
  } finally {
    await Deno.remove(config);
    await Deno.remove(`${config}.state`, { recursive: true }).catch(() => {});
  }
}

Deno.test({
  name: "converse() says what one can type, explains what was refused, and quits",
  ...options,
  async fn() {
    await using clark = new TcpServer("Clark");
    await withPerson([clark], {
      words: ["Clark"],
      async fn(person) {
        await person.sees("# IAMAT ID LOCATION TIME says where a client is");
        await person.sees("# help shows examples, Tab completes, quit ends");
        await person.sees("Clark> ");
        await person.type("help\r");
        await person.sees("# IAMAT kiwi +34.068930-118.445127 now");
        await person.sees("# quit ");
        await person.type("hello\r");
        await person.sees("? hello");
        await person.sees("# a line begins with IAMAT or WHATSAT; help shows examples");
        await person.type("quit\r");
        assertEquals((await person.ended()).code, 0);
      },
    });
  },
});

Deno.test({
  name: "converse() turns to another server on connect, and stays where there is none",
  ...options,
  async fn() {
    await using clark = new TcpServer("Clark");
    await using bona = new TcpServer("Bona");
    const dead = new TcpServer("Ball");
    await dead[Symbol.asyncDispose]();
    await withPerson([clark, bona, dead], {
      words: ["Clark"],
      async fn(person) {
        await person.sees("Clark> ");
        await person.type("connect Ball\r");
        await person.sees("# no answer from Ball; to start it: deno task serve Ball");
        await person.type("connect Bonna\r");
        await person.sees('# connect NAME: did you mean "Bona"?');
        await person.type("IAMAT a +1-1 1\r");
        await person.sees("AT Clark +0.1 a +1-1");
        await person.type("connect Bona\r");
        await person.sees("# connected to Bona");
        await person.type("IAMAT a +1-1 1\r");
        await person.sees("AT Bona +0.1 a +1-1");
        await person.type("\x04");
        assertEquals((await person.ended()).code, 0);
      },
    });
  },
});

Deno.test({
  name: "converse() completes words, and brings back the lines of an earlier run",
  ...options,
  async fn() {
    await using clark = new TcpServer("Clark");
    const config = await herdFileOf([clark]);
    try {
      {
        await using person = new Person(config, ["Clark"]);
        await person.sees("Clark> ");
        await person.type("w");
        await person.type("\t");
        await person.sees("WHATSAT ");
        await person.type("kiwi 1 1\r");
        await person.sees("AT Clark");
        await person.type("\x04");
        assertEquals((await person.ended()).code, 0);
      }
      await using person = new Person(config, ["Clark"]);
      await person.sees("Clark> ");
      await person.type("\x1b[A");
      await person.sees("WHATSAT kiwi 1 1");
      await person.type("\r");
      await person.sees("AT Clark");
      await person.type("quit\r");
      assertEquals((await person.ended()).code, 0);
    } finally {
      await Deno.remove(config);
      await Deno.remove(`${config}.state`, { recursive: true });
    }
  },
});

Deno.test({
  name: "converse() answers what is typed, with JSON in colours, to Ctrl-D",
  ...options,
  async fn() {
    await using clark = new TcpServer("Clark");
    await withPerson([clark], {
      words: ["Clark"],
      async fn(person) {
        await person.sees("connected to Clark");
        await person.sees("Clark> ");
        await person.type("WHATSAT kiwi 10 5\r");
        await person.sees("AT Clark +0.1 kiwi");
        await person.sees('\x1b[36m"status"\x1b[39m : \x1b[32m"OK"\x1b[39m');
        await person.sees("Clark> ");
        await person.type("\x04");
        assertEquals((await person.ended()).code, 0);
      },
    });
  },
});

Deno.test({
  name: "converse() keeps the line that is being typed when an answer comes",
  ...options,
  async fn() {
    await using clark = new TcpServer("Clark");
    await withPerson([clark], {
      words: ["Clark"],
      async fn(person) {
        await person.sees("Clark> ");
        const long = "IAMAT a-long-client-id-".padEnd(100, "x");
        await person.type(long);
        await person.sees("xxxx");
        await clark.say("AT Campbell news\n");
        // Its two rows are cleared, and stand again below the answer.
        await person.sees("\x1b[1A\r\x1b[J");
        const redrawn = await person.sees("AT Campbell news") + await person.sees(long);
        assert(redrawn.includes("Clark> "));
        await person.type(" +1-1 1\r");
        await person.sees(`AT Clark +0.1 ${long.split(" ")[1]} +1-1`);
        await person.type("\x04");
        assertEquals((await person.ended()).code, 0);
      },
    });
  },
});

Deno.test({
  name: "converse() brings lines back with the arrow keys, and drops one with Ctrl-C",
  ...options,
  async fn() {
    await using clark = new TcpServer("Clark");
    await withPerson([clark], {
      words: ["Clark"],
      async fn(person) {
        await person.sees("Clark> ");
        await person.type("first\r");
        await person.sees("? first");
        await person.type("second\r");
        await person.sees("? second");
        await person.type("dropped\x03\x1b[A\x1b[A edited\r");
        const { length } = await person.sees("? first edited");
        assert(length > 0);
        await person.type("\x03");
        assertEquals((await person.ended()).code, 0);
      },
    });
  },
});

Deno.test({
  name: "converse() moves on to another server, and dials again at the next line",
  ...options,
  async fn() {
    await using clark = new TcpServer("Clark");
    await withPerson([clark], {
      words: [],
      async fn(person) {
        await person.sees("Clark> ");
        await person.type("die\r");
        const notice = await person.sees("the next line dials again");
        assertMatch(notice, /# not answered: die/);
        await person.type("hello\r");
        await person.sees("# no answer from Clark");
        await person.sees("# not sent: hello");
        await person.type("\x04");
        assertEquals((await person.ended()).code, 0);
      },
    });
    const dying = new TcpServer("Bona");
    await using other = new TcpServer("Ball");
    await withPerson([dying, other], {
      words: [],
      async fn(person) {
        const first = (await person.sees("> ")).includes("Bona") ? "Bona" : "Ball";
        const second = first === "Bona" ? "Ball" : "Bona";
        await person.type("die\r");
        await person.sees(`# connected to ${second}`);
        await person.sees(`${second}> `);
        await person.type("still there?\r");
        await person.sees("? still there?");
        await person.type("\x04");
        assertEquals((await person.ended()).code, 0);
      },
    });
    await dying[Symbol.asyncDispose]();
  },
});

Deno.test({
  name: "converse() returns 2 when no server answers",
  ...options,
  async fn() {
    const clark = new TcpServer("Clark");
    await clark[Symbol.asyncDispose]();
    await withPerson([clark], {
      words: ["Clark"],
      async fn(person) {
        await person.sees("no answer from Clark");
        assertEquals((await person.ended()).code, 2);
      },
    });
  },
});
