/**
 * The records on disk: one SQLite file a server, so that a server that was killed finds on its return
 * what it had answered. The file is a journal: each row a batch of `AT` lines in the order in which
 * they became news, so that saving a record is copying its line (0.1 µs; an upsert a client was
 * measured at 26 to 80 µs, for it changes a page of its own). Of several lines of a client the
 * table keeps the newest, as ever; {@linkcode Store.dropBatches} forgets what was written again since.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { hashId } from "../protocol/record.ts";
import { DamageError, NewerStoreError, type RecordStore } from "./record_store.ts";

/** The version of the file's layout; an older one is brought up to it when it is opened. */
export const schemaVersion = 4;

/** What brings a file of version n - 1 to version n, at index n - 1. */
const migrations = [
  inTransaction(`CREATE TABLE records (line BLOB NOT NULL)`),
  inTransaction(
    `CREATE TABLE batches (number INTEGER PRIMARY KEY AUTOINCREMENT, lines BLOB NOT NULL);
     INSERT INTO batches (lines) SELECT CAST(line || x'0a' AS BLOB) FROM records;
     DROP TABLE records`,
  ),
  // Null for what was appended before there were sums.
  inTransaction(`ALTER TABLE batches ADD COLUMN sum INTEGER`),
  // What earlier versions dropped still lies in free pages, and between rows: all are written over.
  // VACUUM would do that, but needs more permissions than a server has.
  inTransaction(
    `CREATE TABLE anew (number INTEGER PRIMARY KEY AUTOINCREMENT, lines BLOB NOT NULL, sum INTEGER);
     INSERT INTO anew SELECT number, lines, sum FROM batches;
     DROP TABLE batches;
     ALTER TABLE anew RENAME TO batches;
     CREATE TABLE filler (zeros BLOB);
     INSERT INTO filler SELECT zeroblob(min(freelist_count * page_size, 900000000))
       FROM pragma_freelist_count, pragma_page_size;
     DROP TABLE filler`,
  ),
] as const;

function inTransaction(statements: string): (version: number) => string {
  return (version) => `BEGIN; ${statements}; PRAGMA user_version = ${version}; COMMIT`;
}

/** A batch as it lies in a file; anything may lie in one that is damaged. */
interface Row {
  readonly lines: unknown;
  readonly sum: number | null;
}

/** An open file. */
export class Store implements RecordStore {
  readonly #database: DatabaseSync;

  /**
   * Opens a file, or makes it. `node:sqlite` is loaded for it, which only a durable server waits for.
   *
   * @param path the file
   * @param options.sync whether an append waits for the disk itself: then it survives the machine's
   *   loss of power, not only the server's end
   * @throws {NewerStoreError} when a newer version of this program wrote it
   * @throws {DamageError} when SQLite finds it damaged
   * @throws {Error} when it is no database, is locked, or cannot be written
   */
  static async open(path: string, { sync }: { readonly sync: boolean }): Promise<Store> {
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(path);
    try {
      // SQLite waits for another program's lock by blocking the thread, for 5 s in some versions of
      // Deno: every client would wait with it.
      database.exec("PRAGMA busy_timeout = 0");
      // What is dropped is written over.
      database.exec("PRAGMA secure_delete = ON");
      database.exec("PRAGMA journal_mode = WAL");
      database.exec(`PRAGMA synchronous = ${sync ? "FULL" : "NORMAL"}`);
      migrate(database);
      check(database);
      return new Store(database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /**
   * Opens a file to be read, while a server writes it or not. Nothing in it is changed, so a file of
   * an earlier version is not read: its server brings it up to date when it starts.
   *
   * @param path the file
   * @throws {NewerStoreError} when a newer version of this program wrote it
   * @throws {Error} when it is of an earlier version, or cannot be read
   */
  static async openToRead(path: string): Promise<Store> {
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const version = versionOf(database);
      if (version < schemaVersion) {
        throw new Error(
          `its layout is version ${version}: start its server once, which updates it`,
        );
      }
      return new Store(database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** SQLite does not notice a byte that changed within a row: each has a sum of its own. */
  *batches(): Generator<Uint8Array> {
    const rows = this.#database.prepare("SELECT lines, sum FROM batches ORDER BY number").iterate();
    for (const { lines, sum } of rows as Iterable<unknown> as Iterable<Row>) {
      if (!(lines instanceof Uint8Array)) throw new DamageError("a batch of something else");
      if (sum !== null && sum !== sumOf(lines)) throw new DamageError("a batch with a wrong sum");
      yield lines;
    }
  }

  append(lines: Uint8Array): number {
    const insert = this.#database.prepare("INSERT INTO batches (lines, sum) VALUES (?, ?)");
    return Number(insert.run(lines, sumOf(lines)).lastInsertRowid);
  }

  get last(): number {
    const row = this.#database.prepare("SELECT max(number) AS last FROM batches").get();
    return Number(row?.["last"] ?? 0);
  }

  dropBatches(last: number, most: number): boolean {
    const drop = this.#database.prepare(
      `DELETE FROM batches WHERE number IN
       (SELECT number FROM batches WHERE number <= ? ORDER BY number LIMIT ?)`,
    );
    return Number(drop.run(last, most).changes) < most;
  }

  erase(): boolean {
    const outcome = this.#database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
    return outcome?.["busy"] === 0;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/** @returns 32 bits, others when any one byte is another */
function sumOf(lines: Uint8Array): number {
  return hashId(lines, 0, lines.length, lines.length);
}

/** Damage that reading would not come across may still keep batches from being appended. */
function check(database: DatabaseSync): void {
  const verdict = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (verdict !== "ok") throw new DamageError(`${verdict}`.replaceAll("\n", " "));
}

/** @returns the version of the file's layout, not later than {@linkcode schemaVersion} */
function versionOf(database: DatabaseSync): number {
  const row = database.prepare("PRAGMA user_version").get();
  const version = Number(row?.["user_version"]);
  if (version > schemaVersion) {
    throw new NewerStoreError(
      `its layout is version ${version}, and this program knows ${schemaVersion} and earlier`,
    );
  }
  return version;
}

function migrate(database: DatabaseSync): void {
  for (let next = versionOf(database); next < schemaVersion; next++) {
    database.exec(migrations[next]!(next + 1));
  }
}
