/**
 * What one connection may do where clients need a token: nothing until it has shown one, then what
 * the token allows, for as long as it does.
 *
 * @module
 */

import type { Grant } from "../access/grant.ts";
import type { Bearer } from "../access/tokens.ts";
import { refusalsMax } from "../limits.ts";
import { bytesOf, isSpace, skipSpace, type Span, startsWith, textOf } from "../protocol/ascii.ts";
import type { Whatsat } from "../protocol/command.ts";

/** Who checks tokens; `lib/access/` has the real one. */
export interface TokenCheck {
  /** @returns whose the token is, or null: it is another herd's, has expired, or was revoked */
  check(token: string): Promise<Bearer | null>;
  /** @returns whether a token that was right still is */
  isValid(bearer: Bearer): boolean;
}

/** The first word of a line that shows a token, and of its answer. */
const authWord = bytesOf("AUTH");

/** What every JWT begins with: the base64url of `{"`. */
const tokenBegin = "eyJ";

/** The rights of one connection. */
export class Permit {
  readonly #tokens: TokenCheck;
  #bearer: Bearer | null = null;
  #hasDeniedReport = false;
  #refusals = 0;

  constructor(tokens: TokenCheck) {
    this.#tokens = tokens;
  }

  /**
   * @param bytes has a newline somewhere at or after `start`
   * @param start a line's first byte
   * @returns whether the line shows a token
   */
  static isAuth(bytes: Uint8Array, start: number): boolean {
    const at = skipSpace(bytes, start);
    return startsWith(bytes, at, authWord) && isSpace(bytes[at + authWord.length]!);
  }

  /**
   * Checks a token, which takes the place of one that was shown before.
   *
   * @param line an `AUTH` line, without its newline
   * @returns the answer, or null when the token is another herd's, has expired, or was revoked
   */
  async show(line: Uint8Array): Promise<Uint8Array | null> {
    const [, token = "", ...rest] = textOf(line).trim().split(/[ \t\v\f\r]+/);
    this.#bearer = rest.length > 0 ? null : await this.#tokens.check(token);
    if (this.#bearer === null) return null;
    const { name, endS } = this.#bearer;
    return bytesOf(`AUTH ${name} ${endS}`);
  }

  get #grant(): Grant | null {
    const bearer = this.#bearer;
    return bearer !== null && this.#tokens.isValid(bearer) ? bearer.grant : null;
  }

  /** @returns whether this ID may be reported; {@linkcode denies} remembers a no */
  mayReport(id: Span): boolean {
    const may = this.#grant?.mayReport(id) ?? false;
    if (!may) this.#hasDeniedReport = true;
    return may;
  }

  /**
   * @param whatsat what the line asks; null when it is anything else
   * @returns whether the line is beyond what the token allows, and not merely invalid
   */
  denies(whatsat: Whatsat | null): boolean {
    const grant = this.#grant;
    if (grant === null) return true;
    const hasDeniedReport = this.#hasDeniedReport;
    this.#hasDeniedReport = false;
    if (whatsat === null) return hasDeniedReport;
    const { id, radiusKm, bound } = whatsat;
    const asksPlaces = radiusKm > 0 && bound > 0;
    return !grant.mayRead({ bytes: id, start: 0, end: id.length }) ||
      (asksPlaces && !grant.places);
  }

  /** Counts a line that was refused. @returns whether that is enough for the connection to end */
  refused(): boolean {
    return ++this.#refusals >= refusalsMax;
  }

  /**
   * @param line any line, without its newline
   * @returns what may stand in a log and an answer: of a line with a token, its first word
   */
  static withoutToken(line: Uint8Array): Uint8Array {
    const text = textOf(line);
    const word = /[^ \t\v\f\r]*/.exec(text.trimStart())![0];
    if (word !== "AUTH" && !text.includes(tokenBegin)) return line;
    return bytesOf(word.includes(tokenBegin) ? "AUTH" : word);
  }
}
