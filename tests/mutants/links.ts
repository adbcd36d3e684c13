/**
 * What is broken in `lib/links/`.
 *
 * @module
 */

import { type Mutant, simulator, test } from "./mutant.ts";

/** See {@linkcode Mutant}. */
export const links: readonly Mutant[] = [
  {
    name: "no periodic catch-up",
    file: "lib/links/incoming.ts",
    find: "timer = clock.after(catchUpMs * (0.5 + random.fraction()), catchUp);",
    replace: "",
    why: "what was missed on a live link is never mended",
    killer: simulator,
  },
  {
    name: "no catch-up when a link is made",
    file: "lib/links/incoming.ts",
    find: `    catchUp();
    try {`,
    replace: `    timer = clock.after(catchUpMs, catchUp);
    try {`,
    why: "a server that was away knows nothing for half a minute",
    killer: simulator,
  },
  {
    name: "nobody asks again",
    file: "lib/links/incoming.ts",
    find: `    this.#askAgain();
`,
    replace: "",
    why: "what was said on a dead process's link is lost to it",
    killer: test("tests/simulation/found_test.ts", "comes back to it"),
  },
  {
    name: "DIFFER is not answered",
    file: "lib/links/incoming.ts",
    find: `if (words[0] === "DIFFER") catchUp.tell(words);`,
    replace: `if (words[0] === "DIFFER") return;`,
    why: "catch-up ends after its first line",
    killer: simulator,
  },
  {
    name: "the acceptor checks no proof",
    file: "lib/links/handshake.ts",
    find: `if (!prover.check({ ...claim, side: "dial" }, told)) {`,
    replace: `if (told === "") {`,
    why: "who does not know the secret is a neighbour",
    killer: simulator,
  },
  {
    name: "the dialler checks no proof",
    file: "lib/links/handshake.ts",
    find: `if (prover.check({ ...claim, side: "accept" }, proof)) return;`,
    replace: `if (proof !== "") return;`,
    why: "who answers at a neighbour's address is sent every record",
    killer: test("tests/links/handshake_test.ts", "sends no record to who"),
  },
  {
    name: "a proof is the same for both sides",
    file: "lib/links/proof.ts",
    find: "`herd ${version} ${side} ${from}",
    replace: "`herd ${version} ${from}",
    why: "who mirrors the proof that it was shown proves the secret without knowing it",
    killer: test("tests/links/proof_test.ts", "refuses a proof"),
  },
  {
    name: "the origin of a record is not checked",
    file: "lib/links/incoming.ts",
    find: "this.#checkOrigin(bytes, start + 3, nameEnd);",
    replace: "",
    why: "a record may come from a server that is none",
    killer: test("tests/links/links_test.ts", "are cut by"),
  },
  {
    name: "a link without a secret from any machine",
    file: "lib/links/incoming.ts",
    find: "!herd.prover.hasSecret && !herd.insecureLinks && !isLoopback",
    replace: "!herd.prover.hasSecret && !herd.insecureLinks && false && !isLoopback",
    why: "who can reach a server without a secret is a neighbour",
    killer: test("tests/links/links_test.ts", "from other machines need a secret"),
  },
  {
    name: "marks before the link is live are kept from it",
    file: "lib/links/outgoing.ts",
    find: `if (this.#state.kind !== "live") return;
    this.#outbox.mark(number);
    this.#state.writer.wake();`,
    replace: `if (this.#state.kind !== "live") return;
    this.#outbox.mark(number);`,
    why: "a record waits for the next line of the protocol",
    killer: simulator,
  },
  {
    name: "wake() wakes nobody",
    file: "lib/links/outgoing.ts",
    find: `if (this.#state.kind === "waiting") this.#state.wake();`,
    replace: "",
    why: "a neighbour that is back is dialled seconds later",
    killer: test("tests/links/links_test.ts", "are dialled at once"),
  },
  {
    name: "a link is dialled once",
    file: "lib/links/outgoing.ts",
    find: `    while (this.#state.kind !== "stopped") {`,
    replace: `    if (this.#state.kind !== "stopped") {`,
    why: "a link that broke stays broken",
    killer: simulator,
  },
  {
    name: "a dial without an answer waits for ever",
    file: "lib/links/outgoing.ts",
    find: `() => abort.abort(new LinkError("no answer"))`,
    replace: "() => {}",
    why: "a neighbour cut off while it is dialled is never dialled again",
    killer: simulator,
  },
  {
    name: "a hello without an answer waits for ever",
    file: "lib/links/outgoing.ts",
    find: `const late = () => link.close(new LinkError("no answer to our hello"));`,
    replace: "const late = () => {};",
    why: "a neighbour stopped during the hello is never linked again",
    killer: simulator,
  },
  {
    name: "a link from a neighbour that is none any more stays",
    file: "lib/links/links.ts",
    find:
      "for (const link of this.#incoming.values()) if (!this.#isNeighbour(link.from)) link.close();",
    replace: "",
    why: "a server taken out of herd.json still sends",
    killer: test("tests/links/links_change_test.ts", "are closed, the others live on"),
  },
  {
    name: "a link that left herd.json is still dialled",
    file: "lib/links/links.ts",
    find: "for (const link of this.#outgoing) if (!stay.includes(link)) this.#end(link);",
    replace: "",
    why: "a server taken out of herd.json is still sent everything",
    killer: test("tests/links/links_change_test.ts", "are closed, the others live on"),
  },
  {
    name: "a link that is new in herd.json is not dialled",
    file: "lib/links/links.ts",
    find: "for (const link of added) this.#run(link);",
    replace: "",
    why: "a new neighbour hears nothing",
    killer: simulator,
  },
  {
    name: "a neighbour that moved is not dialled where it is",
    file: "lib/links/links.ts",
    find: "one.name === other.name && one.host === other.host && one.port === other.port &&",
    replace: "one.name === other.name && one.host === other.host &&",
    why: "a server that changed its port is alone",
    killer: simulator,
  },
  {
    name: "an older link of a neighbour stays beside the new one",
    file: "lib/links/links.ts",
    find: `    older?.close();
`,
    replace: "",
    why: "a neighbour counts twice",
    killer: test("tests/links/links_test.ts", "in the first one's place"),
  },
  {
    name: "the sender marks no bucket of a group that is empty over there",
    file: "lib/links/catch_up/catch_up.ts",
    find: `for (const number of digest.numbers(group, bucket)) mark(number);
    yield;
  }
}

/** The sender answers \`BUCKETS\``,
    replace: `yield;
  }
}

/** The sender answers \`BUCKETS\``,
    why: "an empty server stays empty",
    killer: simulator,
  },
  {
    name: "the last groups that differ are not named",
    file: "lib/links/catch_up/catch_up.ts",
    find: "if (differ.length > 0) answering.differ(differ);",
    replace: "",
    why: "up to fifteen groups are never caught up",
    killer: simulator,
  },
  {
    name: "only equal buckets are sent",
    file: "lib/links/catch_up/catch_up.ts",
    find: "theirs.subarray(at, at + hashBytes))) continue;",
    replace: "theirs.subarray(at, at + hashBytes)) === false) continue;",
    why: "what differs stays different",
    killer: simulator,
  },
  {
    name: "silence is not noticed",
    file: "lib/links/heartbeat.ts",
    find: "if (now - this.#heardMs > silenceMs) return this.#link.silent();",
    replace: "",
    why: "a link to a server without power is live for ever",
    killer: simulator,
  },
  {
    name: "no heartbeats",
    file: "lib/links/heartbeat.ts",
    find: `    this.#link.beat();
`,
    replace: "",
    why: "quiet links are cut all the time",
    killer: simulator,
  },
  {
    name: "who was stopped takes its neighbours for dead",
    file: "lib/links/heartbeat.ts",
    find: "if (now - this.#tickMs > 2 * heartbeatMs) this.#heardMs = now;",
    replace: "",
    why: "a resumed server cuts all its links",
    killer: test("tests/links/heartbeat_test.ts", "stopped"),
  },
  {
    name: "a half-written line is sent again from its beginning",
    file: "lib/links/line_connection.ts",
    find: "this.connection.write(bytes.subarray(written))",
    replace: "this.connection.write(bytes)",
    why: "lines are cut in two under load",
    killer: simulator,
  },
  {
    name: "an unfinished line of a neighbour is a line",
    file: "lib/links/line_connection.ts",
    find: "if (count === null) return false;",
    replace: `if (count === null) {
        this.lines.end();
        return this.lines.start < this.lines.complete;
      }`,
    why: "half of a record is a record",
    killer: simulator,
  },
  {
    name: "what is said while a write is under way is not sent",
    file: "lib/links/link_writer.ts",
    find: "if (this.#said.length > 0 || this.#records.nextBytes() > 0) this.#schedule",
    replace: "if (this.#records.nextBytes() > 0) this.#schedule",
    why: "what came during a write waits for ever",
    killer: simulator,
  },
  {
    name: "a hello of another version is taken",
    file: "lib/links/hello.ts",
    find: "if (version !== 1 && version !== linkVersion) {",
    replace: "if (version < 1) {",
    why: "servers of two protocols misunderstand each other",
    killer: test("tests/links/hello_test.ts", "refuses another version"),
  },
];
