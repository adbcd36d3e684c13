import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { Grant } from "../../lib/access/grant.ts";
import { isTokenName, Tokens } from "../../lib/access/tokens.ts";
import { tokenBytesMax, tokensRememberedMax } from "../../lib/limits.ts";
import { MemoryClock } from "../memory_clock.ts";
import { seededRandom } from "../seeded_random.ts";

const permissions = "none";
const nowS = 1_621_464_828;
const day = 86_400;
const grant = Grant.of({ report: ["family/jane"], read: ["family/*"], places: true })!;

async function tokensOf(
  secrets: string[],
  options: { clock?: MemoryClock; revoked?: string[] } = {},
) {
  const { clock = new MemoryClock(), revoked = [] } = options;
  return await Tokens.of({ secrets, revoked, clock, random: seededRandom(1) });
}

const secret = "a secret of the herd, long enough";
const request = { name: "jane", grant, endS: nowS + day };

Deno.test({
  name: "Tokens.check() knows the bearer of a token that Tokens.issue() made, on every server",
  permissions,
  async fn() {
    const { token, jti } = await (await tokensOf([secret])).issue(request);
    const elsewhere = await tokensOf([secret]);
    const bearer = await elsewhere.check(token);
    assertEquals([bearer?.name, bearer?.jti, bearer?.endS], ["jane", jti, nowS + day]);
    assertEquals(bearer?.grant.claim, grant.claim);
    assertEquals((await elsewhere.check(token))?.name, "jane", "and again, remembered");
    assert(token.length < 400, `${token.length} bytes`);
  },
});

Deno.test({
  name: "Tokens.issue() gives every token a name of its own",
  permissions,
  async fn() {
    const tokens = await tokensOf([secret]);
    const [one, other] = [await tokens.issue(request), await tokens.issue(request)];
    assertNotEquals(one.jti, other.jti);
    assertMatch(one.jti, /^[\w-]{16}$/);
  },
});

Deno.test({
  name: "Tokens.check() refuses a token whose time is over, also one that it remembers",
  permissions,
  async fn() {
    const clock = new MemoryClock();
    const tokens = await tokensOf([secret], { clock });
    const { token } = await tokens.issue(request);
    clock.advance((day - 1) * 1000);
    assertNotEquals(await tokens.check(token), null);
    clock.advance(1_000);
    assertEquals(await tokens.check(token), null);
    assertEquals(await (await tokensOf([secret], { clock })).check(token), null);
  },
});

Deno.test({
  name: "Tokens.check() refuses a token that was revoked, also one that it remembers",
  permissions,
  async fn() {
    const tokens = await tokensOf([secret]);
    const { token, jti } = await tokens.issue(request);
    const bearer = await tokens.check(token);
    await tokens.renew({ secrets: [secret], revoked: [jti] });
    assertEquals(await tokens.check(token), null);
    assertEquals(tokens.isValid(bearer!), false);
    await tokens.renew({ secrets: [secret], revoked: [] });
    assertNotEquals(await tokens.check(token), null);
    assertEquals(await (await tokensOf([secret], { revoked: [jti] })).check(token), null);
  },
});

Deno.test({
  name: "Tokens.check() takes tokens of both secrets while the herd changes from one to the other",
  permissions,
  async fn() {
    const [older, newer] = [secret, "another secret, as long as that"];
    const before = await (await tokensOf([older])).issue(request);
    const both = await tokensOf([newer, older]);
    const during = await both.issue(request);
    assertNotEquals(await both.check(before.token), null);
    const after = await tokensOf([newer]);
    assertEquals(await after.check(before.token), null);
    assertNotEquals(await after.check(during.token), null, "the first secret signs");
    await both.renew({ secrets: [newer], revoked: [] });
    assertEquals(await both.check(before.token), null, "also where it was remembered");
  },
});

/** A JWT made by hand. */
async function jwt(header: unknown, payload: unknown, key: CryptoKey | null): Promise<string> {
  const part = (value: unknown) => encode(new TextEncoder().encode(JSON.stringify(value)));
  const signed = `${part(header)}.${part(payload)}`;
  if (key === null) return `${signed}.`;
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(signed));
  return `${signed}.${encode(new Uint8Array(signature))}`;
}

function encode(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_")
    .replaceAll("=", "");
}

/** The key of a secret as RFC 5869 and the docstring of tokens.ts have it, made in another way. */
async function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const hmac = async (key: Uint8Array<ArrayBuffer>, data: Uint8Array<ArrayBuffer>) => {
    const imported = await crypto.subtle.importKey(
      "raw",
      key,
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
  };
  const extracted = await hmac(new Uint8Array(32), bytes(secret));
  const expanded = await hmac(extracted, bytes("herd token 1\x01"));
  return await crypto.subtle.importKey("raw", expanded, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
}

const header = { alg: "HS256", typ: "JWT" };
const payload = { herd: { admin: true }, sub: "eve", jti: "1", exp: nowS + day };

Deno.test({
  name: "Tokens.check() takes what RFC 7519, HS256 and the derived key make, whoever made it",
  permissions,
  async fn() {
    const token = await jwt(header, payload, await keyOf(secret));
    assertEquals((await (await tokensOf([secret])).check(token))?.grant.admin, true);
  },
});

Deno.test({
  name:
    "Tokens.check() refuses what is forged: no algorithm, another one, another key, other claims",
  permissions,
  async fn() {
    const tokens = await tokensOf([secret]);
    const key = await keyOf(secret);
    const right = await jwt(header, payload, key);
    const [head, body, signature] = right.split(".");
    const raw = await crypto.subtle.importKey(
      "raw",
      new TextEncoder().encode(secret),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    const without = (name: string) => ({ ...payload, [name]: undefined });
    const forged = [
      await jwt({ alg: "none" }, payload, null),
      await jwt({ alg: "none" }, payload, key),
      await jwt({ alg: "HS512" }, payload, key),
      await jwt({ ...header, crit: ["x"], x: 1 }, payload, key),
      await jwt(header, payload, raw),
      await jwt(header, payload, await keyOf("another secret, as long as that")),
      ...await Promise.all(
        ["sub", "jti", "exp", "herd"].map((name) => jwt(header, without(name), key)),
      ),
      await jwt(header, { ...payload, exp: String(nowS + day) }, key),
      await jwt(header, { ...payload, exp: nowS }, key),
      await jwt(header, { ...payload, nbf: nowS + 5 }, key),
      await jwt(header, { ...payload, sub: "eve\nroot" }, key),
      await jwt(header, { ...payload, sub: "" }, key),
      await jwt(header, { ...payload, herd: { admin: "yes" } }, key),
      await jwt(header, { ...payload, herd: { admin: true, more: true } }, key),
      `${head}.${body}.`,
      `${head}.${body}.${signature!.slice(0, -2)}`,
      `${head}.${encode(new TextEncoder().encode("{}"))}.${signature}`,
      `${right}.x`,
      ` ${right}`,
      "",
      "..",
    ];
    for (const [at, token] of forged.entries()) {
      assertEquals(await tokens.check(token), null, `${at}: ${token.slice(0, 40)}`);
    }
  },
});

Deno.test({
  name: "Tokens.check() takes nothing that is cut, changed or made up, and never throws",
  permissions,
  async fn() {
    const tokens = await tokensOf([secret]);
    const { token } = await tokens.issue(request);
    const characters = fc.constantFrom(...'aZ09-_.{}"\\ \x00\xff\u{1f600}');
    const changed = fc.tuple(fc.nat(token.length - 1), characters).map(([at, character]) =>
      token.slice(0, at) + character + token.slice(at + 1)
    );
    // The last character of a signature has bits that count for nothing.
    const isSame = (other: string) => other.slice(0, -1) === token.slice(0, -1);
    const anything = fc.oneof(
      changed,
      fc.nat(token.length - 1).map((end) => token.slice(0, end)),
      fc.string({ unit: characters, maxLength: 300 }),
    ).filter((text) => !isSame(text));
    await fc.assert(
      fc.asyncProperty(anything, async (text) => assertEquals(await tokens.check(text), null)),
      { numRuns: 1_000 },
    );
  },
});

Deno.test({
  name:
    "tokenBytesMax: a longer token is not looked at; tokensRememberedMax: older ones are forgotten",
  permissions,
  async fn() {
    const tokens = await tokensOf([secret]);
    const key = await keyOf(secret);
    const long = await jwt(header, { ...payload, more: "x".repeat(tokenBytesMax) }, key);
    assertEquals(await tokens.check(long), null);
    const { token } = await tokens.issue(request);
    assertNotEquals(await tokens.check(token), null);
    for (let count = 0; count <= tokensRememberedMax; count++) {
      await tokens.check(await jwt(header, { ...payload, jti: `${count}` }, key));
    }
    assertNotEquals(await tokens.check(token), null, "it is checked anew");
  },
});

Deno.test({
  name: "isTokenName() takes one printable word",
  permissions,
  fn() {
    for (const name of ["jane", "jane@example.org", "x".repeat(64)]) assert(isTokenName(name));
    for (const name of ["", "two words", "\x1b[31m", "caf\u00e9", "x".repeat(65)]) {
      assert(!isTokenName(name), name);
    }
  },
});
