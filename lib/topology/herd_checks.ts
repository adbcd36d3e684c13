/**
 * What must be right between the parts of herd.json, beyond the shape of each part. The checks take
 * a value whose shape may be wrong, and pass over such parts, so that all errors come at once.
 *
 * @module
 */

import { nameBytesMax } from "../limits.ts";
import type { JsonPath } from "./json_text.ts";
import { nameHint } from "./nearest_name.ts";

/** One thing that is wrong. */
export interface Problem {
  /** Where it is. */
  readonly path: JsonPath;
  /** What is wrong there, and what would be right; `show` puts the value before it. */
  readonly text: string;
}

/**
 * @param herd herd.json's value, of whatever shape
 * @returns what is wrong, in the order of the file
 */
export function checkHerd(herd: unknown): Problem[] {
  const servers = isObject(herd) && isObject(herd.servers) ? herd.servers : undefined;
  const links = isObject(herd) && Array.isArray(herd.links) ? herd.links : [];
  if (servers === undefined) return checkLinks(links);
  return [
    ...checkNames(Object.keys(servers)),
    ...checkAddresses(servers),
    ...checkLinks(links, Object.keys(servers)),
    ...(isObject(herd) && herd.ca !== undefined ? checkTls(servers, links) : []),
  ];
}

function checkNames(names: readonly string[]): Problem[] {
  if (names.length === 0) return [{ path: ["servers"], text: "should name a server" }];
  return names.flatMap((name) => {
    const text = nameTrouble(name);
    return text === undefined ? [] : [{ path: ["servers", name], text }];
  });
}

/** Why a name cannot be a server's, if it cannot. */
function nameTrouble(name: string): string | undefined {
  if (name === "" || name === "__proto__") return "should have another name";
  if (!name.isWellFormed()) return "should have a name in Unicode";
  if (new TextEncoder().encode(name).length > nameBytesMax) {
    return `should have a name of at most ${nameBytesMax} bytes`;
  }
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x20\x7f-\x9f/\\]|^-/.test(name)) {
    return "should have a name without white space, control characters, slashes, " +
      "and no hyphen at its beginning";
  }
}

function checkAddresses(servers: Record<string, unknown>): Problem[] {
  const owners = new Map<string, string>();
  return Object.entries(servers).flatMap(([name, server]) => {
    if (!isObject(server) || typeof server.host !== "string") return [];
    const host = server.host.toLowerCase();
    return portsOf(server).flatMap(({ port, keys }) => {
      const address = `${host} port ${port}`;
      const owner = owners.get(address);
      if (owner === undefined) {
        owners.set(address, name);
        return [];
      }
      const text = `should be another port: ${JSON.stringify(owner)} is at ${address} already`;
      return [{ path: ["servers", name, ...keys], text }];
    });
  });
}

function portsOf(server: Record<string, unknown>): { port: unknown; keys: string[] }[] {
  const plain = { port: server.port, keys: ["port"] };
  const { tls } = server;
  return isObject(tls) ? [plain, { port: tls.port, keys: ["tls", "port"] }] : [plain];
}

/** With "ca", links dial TLS, so every server that has links must serve it. */
function checkTls(servers: Record<string, unknown>, links: readonly unknown[]): Problem[] {
  const linked = new Set(links.filter(isPair).flat());
  return Object.entries(servers).flatMap(([name, server]) => {
    if (!linked.has(name) || !isObject(server) || server.tls !== undefined) return [];
    const text = 'should be an object with "cert", "key", "port", since with "ca" links dial TLS';
    return [{ path: ["servers", name, "tls"], text }];
  });
}

function checkLinks(links: readonly unknown[], names?: readonly string[]): Problem[] {
  const places = new Map<string, number>();
  return links.flatMap((link, index) => {
    if (!isPair(link)) return [];
    const path = ["links", index];
    const unknown = names === undefined ? [] : unknownEnds(link, names);
    if (unknown.length > 0) return unknown.map(({ end, text }) => ({ path: [...path, end], text }));
    if (link[0] === link[1]) return [{ path, text: "should join two different servers" }];
    const key = JSON.stringify(link.toSorted());
    const before = places.get(key);
    if (before !== undefined) {
      return [{ path, text: `should be listed only once: links[${before}] is the same link` }];
    }
    places.set(key, index);
    return [];
  });
}

function unknownEnds(link: readonly [string, string], names: readonly string[]) {
  return link.flatMap((name, end) =>
    names.includes(name)
      ? []
      : [{ end, text: `should be the name of a server: ${nameHint(name, names)}` }]
  );
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 &&
    value.every((name) => typeof name === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
