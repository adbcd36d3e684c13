/**
 * Who is linked with whom.
 *
 * @module
 */

/** A link, by the names of its two ends. It has no direction. */
export type Link = readonly [string, string];

/** The graph of a herd: servers by name, and the links between them. */
export class Topology {
  /** Every server, in the order in which they were given. */
  readonly names: readonly string[];
  /** Every link, in the order in which they were given. */
  readonly links: readonly Link[];
  readonly #neighbours: ReadonlyMap<string, readonly string[]>;

  /**
   * @param names the servers; no name twice
   * @param links between two different servers each; no link twice
   * @throws {RangeError} when a link has an end that is no server
   */
  constructor(names: Iterable<string>, links: Iterable<Link>) {
    this.names = [...names];
    this.links = [...links];
    const linked = new Map(this.names.map((name) => [name, new Set<string>()]));
    const linkedWith = (name: string) => linked.get(name) ?? noServer(name);
    for (const [one, other] of this.links) {
      linkedWith(one).add(other);
      linkedWith(other).add(one);
    }
    this.#neighbours = new Map(
      this.names.map((name) => [name, this.names.filter((other) => linkedWith(name).has(other))]),
    );
  }

  /**
   * @param name a server
   * @returns the servers that it is linked with, in the order of {@linkcode names}
   * @throws {RangeError} when there is no such server
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   *
   * const links = [["Alford", "Welsh"], ["Welsh", "Ball"]] as const;
   * const line = new Topology(["Ball", "Welsh", "Alford"], links);
   * assertEquals(line.neighboursOf("Welsh"), ["Ball", "Alford"]);
   * assertEquals(line.diameter(), 2);
   * ```
   */
  neighboursOf(name: string): readonly string[] {
    return this.#neighbours.get(name) ?? noServer(name);
  }

  /**
   * How many links a record crosses at most.
   *
   * @returns the number of links between the two servers that are farthest apart, or null when
   * there are two that no way connects
   */
  diameter(): number | null {
    if (this.parts().length > 1) return null;
    return Math.max(0, ...this.names.map((name) => this.#flood(name).length - 1));
  }

  /**
   * @returns the servers in groups: news gets from each to every other of its group, and to no
   * server of another group
   */
  parts(): string[][] {
    const parts: string[][] = [];
    for (const name of this.names) {
      if (parts.some((part) => part.includes(name))) continue;
      const reached = new Set(this.#flood(name).flat());
      parts.push(this.names.filter((name) => reached.has(name)));
    }
    return parts;
  }

  /** The servers that a flood from one of them reaches, by the number of links that it crosses. */
  #flood(origin: string): string[][] {
    const seen = new Set([origin]);
    const fronts: string[][] = [];
    for (let front = [origin]; front.length > 0;) {
      fronts.push(front);
      const next = front.flatMap((name) => this.neighboursOf(name));
      front = next.filter((name) => !seen.has(name) && seen.add(name));
    }
    return fronts;
  }
}

function noServer(name: string): never {
  throw new RangeError(`No server has the name "${name}"`);
}
