/**
 * News: who is told that a record changed. One seam for all who follow the table (the links to the
 * neighbours, saving, and whatever else shows or carries records), so that a record that is news
 * reaches each of them the same way, wherever it came from.
 *
 * @module
 */

/**
 * Follows the table by the numbers of its records. It is told on the hot path, so it only marks: it
 * copies, awaits and throws nothing. It reads the record when its own time comes; a number whose
 * record is gone by then has no line any more.
 */
export interface Marker {
  /**
   * Notes that a record is new, is another one now, or was forgotten.
   *
   * @param number the record's number in the table
   */
  mark(number: number): void;
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

  /** Has a marker told from now on. */
  add(marker: Marker): void {
    this.#markers = [...this.#markers, marker];
  }

  /** Has a marker told no more. */
  remove(marker: Marker): void {
    this.#markers = this.#markers.filter((other) => other !== marker);
  }

  /**
   * Tells every marker.
   *
   * @param number the number of the record that is news, or was forgotten
   * @param from the marker of the neighbour that it came from, which is not told
   */
  tell(number: number, from: Marker | null): void {
    for (const marker of this.#markers) if (marker !== from) marker.mark(number);
  }
}
