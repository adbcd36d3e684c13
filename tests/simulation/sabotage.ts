/**
 * Tables that do not do what a table must, to show that a simulation notices.
 *
 * @module
 */

import { Cells, type RecordLine } from "../../lib/locations/cells.ts";
import { Digests } from "../../lib/locations/digests.ts";
import { none, Table } from "../../lib/locations/table.ts";
import { textOf } from "../../lib/protocol/ascii.ts";
import { compare, type Version, versionOf } from "./order.ts";

/** A table that knows how a line that comes stands to what is known. */
abstract class Sabotaged extends Table {
  /** @returns the number of the client's record, and both records; null when it has none */
  protected known(line: RecordLine): { number: number; now: Version; next: Version } | null {
    const { bytes, start, end, fields } = line;
    const number = this.find({ bytes, start: fields.idStart, end: fields.idEnd }, fields.idHash);
    if (number === none) return null;
    const now = versionOf(textOf(this.line(number)));
    return { number, now, next: versionOf(textOf(bytes.subarray(start, end))) };
  }
}

/** Of records with the same time it keeps the one that came first. */
export class WithoutTieBreak extends Sabotaged {
  override merge(line: RecordLine): number {
    const known = this.known(line);
    return known !== null && known.now.time === known.next.time ? none : super.merge(line);
  }
}

/** It keeps the older of two records of neighbours. */
export class OlderWins extends Sabotaged {
  override merge(line: RecordLine): number {
    const known = this.known(line);
    if (known === null) return super.merge(line);
    if (compare(known.next, known.now) >= 0) return none;
    this.forget(known.number);
    return super.merge(line);
  }
}

/** It says that it holds nothing, so that nothing is ever caught up. */
export class WithoutCatchUp extends Table {
  override readonly digests = new EmptyDigests();
}

class EmptyDigests extends Digests {
  constructor() {
    super(new Cells(), [0]);
  }

  override add(): void {}
  override change(): void {}
  override remove(): void {}
}
