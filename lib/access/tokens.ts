/**
 * Tokens: who may do what, for how long. A token is a JWT (RFC 7519) that every server can check
 * without asking anybody: signed with HS256 under a key that is derived from the herd's secret by
 * HKDF (RFC 5869), so that the secret itself signs nothing.
 *
 * @module
 */

import { jwtVerify, SignJWT } from "jose";
import { tokenBytesMax, tokensRememberedMax } from "../limits.ts";
import type { Clock, Random } from "../transport/transport.ts";
import { Grant } from "./grant.ts";

/** Who shows a token. */
export interface Bearer {
  /** Whose the token is, for the log. */
  readonly name: string;
  /** Names this token, so that it can be revoked. */
  readonly jti: string;
  /** When it ends, in POSIX seconds. */
  readonly endS: number;
  readonly grant: Grant;
}

/** A token that is to be made. */
export interface TokenRequest {
  readonly name: string;
  readonly grant: Grant;
  /** When it ends, in POSIX seconds. */
  readonly endS: number;
}

/** A token and the name that it can be revoked by. */
export interface IssuedToken {
  readonly token: string;
  readonly jti: string;
}

/** What {@linkcode Tokens} work with. */
export interface TokensOptions {
  /** The herd's secrets: the first signs, each checks. */
  readonly secrets: readonly string[];
  /** Revoked tokens, by their `jti`. */
  readonly revoked: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
}

const algorithm = "HS256";
const keyBytes = 32;
const jtiBytes = 12;

/** A name that is fit for one field of a line, and for a log. */
const nameForm = /^[\x21-\x7e]{1,64}$/;

/**
 * @param name whose a token is to be
 * @returns whether it can be written into one: printable ASCII without white space
 */
export function isTokenName(name: string): boolean {
  return nameForm.test(name);
}

/** Makes and checks the tokens of one herd. */
export class Tokens {
  #keys: readonly CryptoKey[] = [];
  readonly #clock: Clock;
  readonly #random: Random;
  #revoked: ReadonlySet<string> = new Set();
  /** Tokens that were checked, the one used longest ago first: a check costs a tenth of a ms. */
  readonly #checked = new Map<string, Bearer>();

  private constructor({ clock, random }: TokensOptions) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Derives the keys. */
  static async of(options: TokensOptions): Promise<Tokens> {
    const tokens = new Tokens(options);
    await tokens.renew(options);
    return tokens;
  }

  /** Has other secrets, and other tokens revoked, from now on. */
  async renew({ secrets, revoked }: Pick<TokensOptions, "secrets" | "revoked">): Promise<void> {
    this.#keys = await Promise.all(secrets.map(keyOf));
    this.#revoked = new Set(revoked);
    this.#checked.clear();
  }

  /** @returns the token, signed with the first secret */
  async issue({ name, grant, endS }: TokenRequest): Promise<IssuedToken> {
    const jti = base64Url(this.#random.bytes(jtiBytes));
    const token = await new SignJWT({ herd: grant.claim })
      .setProtectedHeader({ alg: algorithm, typ: "JWT" })
      .setSubject(name)
      .setJti(jti)
      .setIssuedAt(this.#nowS())
      .setExpirationTime(endS)
      .sign(this.#keys[0]!);
    return { token, jti };
  }

  /**
   * @param token what somebody shows
   * @returns who that is, or null: the token is not this herd's, has expired, or was revoked
   */
  async check(token: string): Promise<Bearer | null> {
    if (token.length > tokenBytesMax) return null;
    const bearer = this.#checked.get(token) ?? await this.#verified(token);
    if (bearer === null) return null;
    this.#checked.delete(token);
    if (!this.isValid(bearer)) return null;
    this.#remember(token, bearer);
    return bearer;
  }

  /** @returns whether a token that was right has neither ended since nor been revoked */
  isValid({ endS, jti }: Bearer): boolean {
    return this.#nowS() < endS && !this.#revoked.has(jti);
  }

  async #verified(token: string): Promise<Bearer | null> {
    for (const key of this.#keys) {
      const bearer = await this.#verifiedWith(key, token);
      if (bearer !== null) return bearer;
    }
    return null;
  }

  async #verifiedWith(key: CryptoKey, token: string): Promise<Bearer | null> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [algorithm],
        requiredClaims: ["sub", "jti", "exp", "herd"],
        currentDate: new Date(this.#nowS() * 1000),
      });
      const grant = Grant.of(payload["herd"]);
      const { sub: name, jti, exp: endS } = payload;
      if (grant === null || endS === undefined) return null;
      if (typeof name !== "string" || !isTokenName(name)) return null;
      return typeof jti === "string" ? { name, jti, endS, grant } : null;
    } catch {
      // jose throws for whatever is wrong; who shows the token is told no more than that it is.
      return null;
    }
  }

  #remember(token: string, bearer: Bearer): void {
    this.#checked.set(token, bearer);
    if (this.#checked.size <= tokensRememberedMax) return;
    this.#checked.delete(this.#checked.keys().next().value!);
  }

  #nowS(): number {
    const now = { seconds: 0, nanoseconds: 0 };
    this.#clock.now(now);
    return now.seconds;
  }
}

/** @returns the key that tokens are signed with under a secret */
async function keyOf(secret: string): Promise<CryptoKey> {
  const encoder = new TextEncoder();
  const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
    "deriveKey",
  ]);
  return await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encoder.encode("herd token 1") },
    material,
    { name: "HMAC", hash: "SHA-256", length: keyBytes * 8 },
    false,
    ["sign", "verify"],
  );
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}
