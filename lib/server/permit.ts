/**
 * What one connection may do where clients need a token: nothing until it has shown one, then what
 * the token allows, for as long as it does.
 *
 * @module
 */

import type { Grant } from "../access/grant.ts";
import type { Bearer } from "../access/tokens.ts";
import { refusalsMax } from "../limits.ts";
import type { Span } from "../protocol/ascii.ts";

/** Who checks tokens; `lib/access/` has the real one. */
export interface TokenCheck {
  /** @returns whose the token is, or null when it is not one of this herd's, has ended or was revoked */
  check(token: string): Promise<Bearer | null>;
  /** @returns whether a token that was right still is */
  isValid(bearer: Bearer): boolean;
}

/** The rights of one connection. */
export class Permit {
  readonly #tokens: TokenCheck;
  #bearer: Bearer | null = null;
  #refusals = 0;

  constructor(tokens: TokenCheck) {
    this.#tokens = tokens;
  }

  /**
   * Checks a token, which takes the place of one that was shown before.
   *
   * @returns whose it is, or null
   */
  async show(token: string): Promise<Bearer | null> {
    this.#bearer = await this.#tokens.check(token);
    return this.#bearer;
  }

  get #grant(): Grant | null {
    const bearer = this.#bearer;
    return bearer !== null && this.#tokens.isValid(bearer) ? bearer.grant : null;
  }

  /** @returns whether this ID may be reported */
  mayReport(id: Span): boolean {
    return this.#grant?.mayReport(id) ?? false;
  }

  /** @returns whether it may be asked where this ID is */
  mayRead(id: Uint8Array): boolean {
    return this.#grant?.mayRead({ bytes: id, start: 0, end: id.length }) ?? false;
  }

  /** Whether places may be asked for. */
  get mayAskPlaces(): boolean {
    return this.#grant?.places ?? false;
  }

  /** Whether a token was shown that still counts. */
  get isKnown(): boolean {
    return this.#grant !== null;
  }

  /** Counts a line that was refused. @returns whether that is enough for the connection to end */
  refused(): boolean {
    return ++this.#refusals >= refusalsMax;
  }
}
