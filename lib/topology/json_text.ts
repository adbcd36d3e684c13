/**
 * What `JSON.parse` does not tell about a text: where it is wrong, and which names stand twice in
 * an object (RFC 8259).
 *
 * @module
 */

import { shownValueMax } from "../limits.ts";

/** Names and numbers that lead to a value. */
export type JsonPath = readonly (string | number)[];

/** A text that is not JSON. */
export class JsonTextError extends Error {
  override readonly name = "JsonTextError";

  /**
   * @param place the first character that is wrong, counted from 1
   * @param message what stands there and what should
   */
  constructor(readonly place: { readonly line: number; readonly column: number }, message: string) {
    super(message);
  }
}

/**
 * Reads a JSON text for its form only.
 *
 * @returns the path of every name that its object has already, in the order of the text
 * @throws {JsonTextError} when the text is not JSON, exactly when `JSON.parse` throws
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(duplicateNames('{"a": [{"b": 1, "b": 2}]}'), [["a", 0, "b"]]);
 * assertThrows(() => duplicateNames('{"a": 1,}'), JsonTextError, 'comma before "}"');
 * ```
 */
export function duplicateNames(text: string): JsonPath[] {
  return new JsonReader(text).read();
}

const string = String.raw`"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"`;
const number = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?`;

const isWhole = new RegExp(`^${string}$`);

/** White space, and one token if one follows. */
const token = new RegExp(
  String.raw`[ \t\n\r]*([{}[\],:]|${string}|${number}|true|false|null)?`,
  "y",
);

class JsonReader {
  readonly #text: string;
  readonly #duplicates: JsonPath[] = [];
  /** The token that is next; empty at the end of the text and where there is none. */
  #token = "";
  /** The offset behind it. */
  #end = 0;
  /** The offset behind the token before it. */
  #endBefore = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonPath[] {
    this.#next();
    this.#value([]);
    if (this.#end < this.#text.length || this.#token !== "") this.#fail("the end of the file");
    return this.#duplicates;
  }

  #next(): void {
    this.#endBefore = this.#end;
    token.lastIndex = this.#end;
    this.#token = token.exec(this.#text)?.[1] ?? "";
    this.#end = token.lastIndex;
  }

  /** Whether the next token is this one, which is then behind us. */
  #skip(wanted: string): boolean {
    if (this.#token !== wanted) return false;
    this.#next();
    return true;
  }

  #value(path: JsonPath): void {
    if (this.#skip("{")) this.#members(path);
    else if (this.#skip("[")) this.#elements(path);
    else if (/^[\]},:]?$/.test(this.#token)) this.#fail("a value");
    else this.#next();
  }

  #members(path: JsonPath): void {
    const names = new Set<string>();
    if (this.#skip("}")) return;
    do {
      if (this.#token === "}") this.#failAtComma();
      if (!this.#token.startsWith('"')) this.#fail("a name in double quotes");
      const name: string = JSON.parse(this.#token);
      if (names.has(name)) this.#duplicates.push([...path, name]);
      names.add(name);
      this.#next();
      if (!this.#skip(":")) this.#fail('":"');
      this.#value([...path, name]);
    } while (this.#skip(","));
    if (!this.#skip("}")) this.#fail('"," or "}"');
  }

  #elements(path: JsonPath): void {
    if (this.#skip("]")) return;
    let index = 0;
    do {
      if (this.#token === "]") this.#failAtComma();
      this.#value([...path, index++]);
    } while (this.#skip(","));
    if (!this.#skip("]")) this.#fail('"," or "]"');
  }

  #fail(wanted: string): never {
    const start = this.#end - this.#token.length;
    const found = this.#token || /^[^\s{}[\],:]+|^./u.exec(this.#text.slice(start))?.[0];
    throw new JsonTextError(this.#placeOf(start), mistake(found, wanted));
  }

  /** What follows a comma should not: it is the comma that people wrote too much. */
  #failAtComma(): never {
    throw new JsonTextError(
      this.#placeOf(this.#endBefore - 1),
      `the comma before "${this.#token}" should be taken out: JSON has none after the last item`,
    );
  }

  #placeOf(offset: number): { line: number; column: number } {
    const before = this.#text.slice(0, offset).split("\n");
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  }
}

/** What is wrong with a piece of the text, in words; other languages' habits are called by name. */
function mistake(found: string | undefined, wanted: string): string {
  if (found === undefined) return `the end of the file should be ${wanted}`;
  const comment = /^(?:\/[/*]|#)/.exec(found)?.[0];
  if (comment !== undefined) {
    return `"${comment}" should not begin a comment: JSON has none, but a key "//" can hold one`;
  }
  if (found.startsWith("'")) return `${quoted(found)} should be in double quotes`;
  if (found.startsWith('"') && !isWhole.test(found)) {
    return `${
      shorten(found)
    } should be a string that ends in its line, with "\\\\" for a backslash`;
  }
  return `${quoted(found)} should be ${wanted}`;
}

/** A piece of the text, so that it can stand in one line of a message. */
function quoted(found: string): string {
  return found.startsWith('"') ? shorten(found) : JSON.stringify(shorten(found));
}

function shorten(text: string): string {
  return text.length > shownValueMax ? text.slice(0, shownValueMax - 1) + "…" : text;
}
