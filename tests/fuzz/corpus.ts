/**
 * The cases that were found, each a file: `session-NAME.txt` is what a client says, `link-NAME.txt`
 * begins with a line that says how the link begins, `dial proven` for instance.
 *
 * @module
 */

import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { checkLink, type LinkCase } from "./link_fuzz.ts";
import { checkSession } from "./session_fuzz.ts";

const directory = new URL("./corpus/", import.meta.url);

/** How often each case is said, cut into other pieces each time. */
const cuts = 8;

/** @returns the names of all cases */
export function corpus(): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
}

/** @returns what the client of a case says, one character a byte */
export function sessionCase(name: string): string {
  return textOf(Deno.readFileSync(new URL(name, directory)));
}

/** Says a case, in pieces of several kinds. @throws {Error} when the server does wrong */
export async function replay(name: string): Promise<void> {
  const text = sessionCase(name);
  for (let cut = 0; cut < cuts; cut++) {
    if (name.startsWith("session-")) await checkSession(text, cut);
    else await checkLink(parseLink(text), cut);
  }
}

/** Keeps a case. @returns its file */
export function keep(name: string, found: string | LinkCase): string {
  const text = typeof found === "string"
    ? found
    : `${found.side} ${found.isProven ? "proven" : "stranger"}\n${found.text}`;
  const file = `${typeof found === "string" ? "session" : "link"}-${name}.txt`;
  Deno.writeFileSync(new URL(file, directory), bytesOf(text));
  return file;
}

function parseLink(file: string): LinkCase {
  const end = file.indexOf("\n");
  const [side, who] = file.slice(0, end).split(" ");
  return {
    side: side === "dial" ? "dial" : "accept",
    isProven: who === "proven",
    text: file.slice(end + 1),
  };
}
