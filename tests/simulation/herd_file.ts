/**
 * The herd.json of a simulated herd, as its operators change it: links come and go, and servers move
 * to other ports. Each machine reads it when it starts, and again when it is told to.
 *
 * @module
 */

import type { Neighbour } from "../../lib/links/links_context.ts";
import type { Link } from "../../lib/topology/topology.ts";
import type { Plan } from "./plan.ts";

/** The port of every server that has not moved. */
const firstPort = 12_000;

/** Who is in the herd now, and where. */
export class HerdFile {
  links: readonly Link[];
  readonly #plan: Plan;
  readonly #ports = new Map<string, number>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.links = plan.links;
  }

  /** @returns the port of a server */
  portOf(name: string): number {
    return this.#ports.get(name) ?? firstPort;
  }

  /** Gives a server another port, which it has when it starts the next time. */
  move(name: string): void {
    this.#ports.set(name, this.portOf(name) + 1);
  }

  /**
   * Takes a link away, or adds it where there is none.
   *
   * @returns whether it was done: a herd in two parts would promise nothing
   */
  toggle(one: string, other: string): boolean {
    if (one === other) return false;
    const others = this.links.filter((link) => !(link.includes(one) && link.includes(other)));
    const links: Link[] = others.length < this.links.length ? others : [...others, [one, other]];
    if (!this.#isConnected(links)) return false;
    this.links = links;
    return true;
  }

  /** @returns the neighbours of a server, as it dials them */
  neighboursOf(name: string): Neighbour[] {
    return this.#plan.servers
      .filter((other) => other.name !== name && this.#isLink(name, other.name))
      .map(({ name, hostname }) => ({ name, host: hostname, port: this.portOf(name) }));
  }

  #isLink(one: string, other: string): boolean {
    return this.links.some((link) => link.includes(one) && link.includes(other));
  }

  #isConnected(links: readonly Link[]): boolean {
    const reached = new Set([this.#plan.servers[0]!.name]);
    for (const from of reached) {
      for (const link of links) {
        if (link.includes(from)) {
          for (const end of link) reached.add(end);
        }
      }
    }
    return reached.size === this.#plan.servers.length;
  }
}
