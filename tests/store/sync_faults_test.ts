// What "sync" promises, with a disk of the simulation that is locked, full, broken and cut off by chance.

import { assert, assertGreater } from "@std/assert";
import { load } from "../../lib/store/load.ts";
import { Table } from "../../lib/locations/table.ts";
import { textOf } from "../../lib/protocol/ascii.ts";
import { hashSeed, type MemoryClient, MemoryServer } from "../server/memory_server.ts";
import { seededRandom } from "../seeded_random.ts";
import { Disk } from "../simulation/disk.ts";

const seeds = 1_000;
const clientsMax = 3;
const faults = ["isLocked", "isFull", "isBroken"] as const;

/** What was seen in all runs, so that none of it is missing. */
class Seen {
  acknowledged = 0;
  closed = 0;
  inFlight = 0;
}

/** One server on one disk, until the power is cut. */
class Run {
  readonly disk: Disk;
  readonly #random;
  readonly #clients: MemoryClient[] = [];
  readonly #all: MemoryClient[] = [];
  #server!: MemoryServer;
  #reports = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.disk = new Disk(this.#random);
  }

  #below(max: number): number {
    return Math.floor(this.#random.fraction() * max);
  }

  async untilPowerIsCut(): Promise<void> {
    const stored = { store: this.disk.open({ sync: true }), lines: 0, sync: true };
    this.#server = await MemoryServer.start({ stored });
    for (let steps = 3 + this.#below(15); steps > 0; steps--) {
      const fault = faults[this.#below(faults.length)]!;
      if (this.#random.fraction() < 0.4) this.disk[fault] = !this.disk[fault];
      for (let count = this.#below(4); count > 0; count--) await this.#report();
      await this.#server.clock.run(this.#below(this.#random.fraction() < 0.2 ? 6_000 : 200));
    }
    this.disk.powerOff();
  }

  async #report(): Promise<void> {
    const at = this.#below(clientsMax);
    let client = this.#clients[at];
    if (client === undefined || client.ending !== null) {
      this.#clients[at] = client = await this.#server.client();
      this.#all.push(client);
    }
    client.send(`IAMAT k${this.#below(5)} +34-118 ${1621464000 + this.#reports++}\n`);
  }

  /** @returns the acknowledged reports that the disk does not have, or newer ones in their place */
  missing(seen: Seen): string[] {
    const table = new Table();
    for (const fault of faults) this.disk[fault] = false;
    load(this.disk.open({ sync: true }), { table, hashSeed });
    const newest = new Map<string, number>();
    for (let number = 0; number < table.end; number++) {
      const [, , , id, , time] = textOf(table.line(number)).split(" ");
      newest.set(id!, Number(time));
    }
    const lines = this.#all.flatMap(({ lines }) => lines);
    seen.acknowledged += lines.length;
    seen.closed += this.#all.filter(({ ending }) => ending !== null).length;
    seen.inFlight += this.#reports - lines.length;
    return lines.filter((line) => {
      const [, , , id, , time] = line.split(" ");
      return !((newest.get(id!) ?? -1) >= Number(time));
    });
  }
}

Deno.test({
  name: `A report in flight is unacknowledged or on disk, on ${seeds} locked, full and cut disks`,
  permissions: "none",
  async fn() {
    const seen = new Seen();
    for (let seed = 0; seed < seeds; seed++) {
      const run = new Run(seed);
      await run.untilPowerIsCut();
      const missing = run.missing(seen);
      assert(missing.length === 0, `seed ${seed}: acknowledged, and not on disk: ${missing}`);
    }
    assertGreater(seen.acknowledged, 3 * seeds);
    assertGreater(seen.closed, seeds / 10);
    assertGreater(seen.inFlight, seeds);
  },
});
