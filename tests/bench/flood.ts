/**
 * Counts what flooding one record costs a herd, by walking it over the links of a topology: how often
 * it is sent, where it is news, and how far it goes.
 *
 * @module
 */

/** A herd's links, by the servers' numbers. */
export type Links = readonly (readonly [number, number])[];

/** What one record costs, all servers together. */
export interface FloodCount {
  /** `AT` lines on links. */
  readonly sent: number;
  /** Of these, how many told the receiver nothing new. */
  readonly surplus: number;
  /** Links that the news crossed to the last server. */
  readonly hops: number;
}

/** Every server to the next one. */
export function chain(servers: number): Links {
  return Array.from({ length: servers - 1 }, (_, at) => [at, at + 1] as const);
}

/** A chain whose ends meet. */
export function ring(servers: number): Links {
  return servers < 3 ? chain(servers) : [...chain(servers), [servers - 1, 0]];
}

/** Every server to every other. */
export function mesh(servers: number): Links {
  return Array.from({ length: servers }, (_, at) => at)
    .flatMap((one) =>
      Array.from({ length: servers - one - 1 }, (_, at) => [one, one + at + 1] as const)
    );
}

/**
 * Floods one record, every link as fast as every other.
 *
 * @param servers how many
 * @param links who talks with whom
 * @param from where a client reports
 */
export function flood(servers: number, links: Links, from = 0): FloodCount {
  const neighbours = Array.from(
    { length: servers },
    (_, server) =>
      links.flatMap(([one, other]) => one === server ? [other] : other === server ? [one] : []),
  );
  const knows = new Set([from]);
  let sent = 0;
  let surplus = 0;
  let hops = 0;
  let on = neighbours[from]!.map((to) => ({ to, by: from }));
  for (let hop = 1; on.length > 0; hop++) {
    const next: { to: number; by: number }[] = [];
    for (const { to, by } of on) {
      sent++;
      if (knows.has(to)) {
        surplus++;
        continue;
      }
      knows.add(to);
      hops = hop;
      for (const further of neighbours[to]!) if (further !== by) next.push({ to: further, by: to });
    }
    on = next;
  }
  return { sent, surplus, hops };
}
