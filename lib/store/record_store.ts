/**
 * What outlives a server, as the rest of the store sees it: SQLite's file is one, the simulation's
 * disk another.
 *
 * @module
 */

/** Batches of records, in the order in which they were appended. */
export interface RecordStore extends Disposable {
  /**
   * @returns the batches, oldest first: lines, each with its newline
   * @throws {Error} when the store is damaged; what came before that is good
   */
  batches(): Iterable<Uint8Array>;
  /**
   * Puts a batch at the end. It is safe when this returns. It never waits for another program: it
   * throws, and the caller tries again later.
   *
   * @param lines `AT` lines, each with its newline
   * @returns the batch's number, greater than all before
   * @throws {Error} when it cannot be written
   */
  append(lines: Uint8Array): number;
  /** The number of the last batch, or 0. */
  readonly last: number;
  /**
   * Drops the oldest batches, whose records were appended again since.
   *
   * @param last the last batch to drop
   * @param most how many to drop at once
   * @returns whether there are none left
   * @throws {Error} when the store cannot be written
   */
  dropBatches(last: number, most: number): boolean;
  /**
   * Has what was dropped leave the disk: until then it may still be read there.
   *
   * @returns false while another program reads the store; then it is to be tried again
   * @throws {Error} when the store cannot be written
   */
  erase(): boolean;
}

/** Where a server's records are kept: opened when it starts, and set aside when it is damaged. */
export interface RecordFile {
  /** Its name, for the log and the operator. */
  readonly path: string;
  /**
   * Opens it, or makes it.
   *
   * @throws {NewerStoreError} when a newer version of this program wrote it
   * @throws {DamageError} when it does not hold what was put into it
   * @throws {Error} when it is locked, or cannot be read or written
   */
  open(): Promise<RecordStore>;
  /** @returns the file's new name, or null when it cannot be moved */
  setAside(): string | null;
}

/** The file does not hold what was put into it. */
export class DamageError extends Error {
  override readonly name = "DamageError";
}

/** The file's layout is newer than what this program knows. */
export class NewerStoreError extends Error {
  override readonly name = "NewerStoreError";
}
