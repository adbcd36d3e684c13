/**
 * News: who is told that a record changed. One seam for everything that follows the table (the
 * links to the neighbours, saving, and whatever else shows or carries records), so that news
 * reaches each of them in the same way, wherever it came from.
 *
 * @module
 */

/**
 * Follows the table by the numbers of its records. It is told on the hot path, so it only marks: it
 * must not copy, wait or throw. It reads the record later, when it needs it; the number of a record
 * that is gone by then has no line.
 */
export interface Marker {
  /**
   * Notes that a record is new, has changed, or was forgotten.
   *
   * @param number the record's number in the table
   */
  mark(number: number): void;
}

/** A marker that leads to a neighbour, which may turn out to have a record already. */
export interface NeighbourMarker extends Marker {
  /**
   * Notes that the neighbour has sent the record that the table holds: it need not be sent there.
   *
   * @param number the record's number in the table
   */
  unmark(number: number): void;
}

/**
 * The markers of one table.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Outbox } from "./outbox.ts";
 * const news = new News();
 * const [link, disk] = [new Outbox(), new Outbox()];
 * news.add(link);
 * news.add(disk);
 * news.tell(7, link);
 * assertEquals([link.size, disk.size], [0, 1]);
 * ```
 */
export class News {
  #markers: readonly Marker[] = [];

  /** Adds a marker. */
  add(marker: Marker): void {
    this.#markers = [...this.#markers, marker];
  }

  /** Removes a marker. */
  remove(marker: Marker): void {
    this.#markers = this.#markers.filter((other) => other !== marker);
  }

  /**
   * Tells every marker but one.
   *
   * @param number the number of the record that is news, or was forgotten
   * @param from the marker of the neighbour that it came from, which is told that it has it
   */
  tell(number: number, from: NeighbourMarker | null): void {
    for (const marker of this.#markers) if (marker !== from) marker.mark(number);
    from?.unmark(number);
  }
}
