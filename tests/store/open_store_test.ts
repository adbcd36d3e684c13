import { assert, assertEquals, assertLess, assertMatch, assertRejects } from "@std/assert";
import { fieldBytesMax, idBytesMax, storeOpenMs, storeOpenRetryMs } from "../../lib/limits.ts";
import { type OpenedStore, openStore, StoreError } from "../../lib/store/open_store.ts";
import { schemaVersion, Store } from "../../lib/store/store.ts";
import { StoreFile } from "../../lib/store/store_file.ts";
import { Table } from "../../lib/locations/table.ts";
import { bytesOf } from "../../lib/protocol/ascii.ts";
import { MemoryClock } from "../memory_clock.ts";
import { needs } from "../needs.ts";
import { seededRandom } from "../seeded_random.ts";
import { atLine, lineOf, seed } from "../locations/lines.ts";

const files = await needs("read", "write", "env", "sys", "ffi");

/** A server's file in a directory of its own. */
class File implements Disposable {
  readonly directory = Deno.makeTempDirSync({ prefix: "herd-store-" });
  readonly path = `${this.directory}/Clark.db`;
  readonly clock = new MemoryClock();
  readonly troubles: string[] = [];

  /** Appends batches, and leaves the files as a process does that is killed. */
  async write(...batches: string[]): Promise<void> {
    const path = `${this.directory}/written.db`;
    for (const suffix of ["", "-wal"]) {
      if (exists(this.path + suffix)) Deno.renameSync(this.path + suffix, path + suffix);
    }
    {
      using store = await Store.open(path, { sync: false });
      for (const batch of batches) store.append(bytesOf(batch));
      for (const suffix of ["", "-wal"]) Deno.copyFileSync(path + suffix, this.path + suffix);
    }
    for (const suffix of ["", "-wal", "-shm"]) {
      if (exists(path + suffix)) Deno.removeSync(path + suffix);
    }
  }

  async open(table = new Table()): Promise<OpenedStore & Disposable & { table: Table }> {
    const { clock } = this;
    const opened = await openStore(this.file(), { table, hashSeed: seed, clock });
    return { ...opened, table, [Symbol.dispose]: () => opened.store[Symbol.dispose]() };
  }

  file(directory = this.directory): StoreFile {
    const onTrouble = (trouble: string) => this.troubles.push(trouble);
    return new StoreFile({ directory, name: "Clark", sync: false, onTrouble });
  }

  /** Names of what lies in the directory. */
  get names(): string[] {
    return [...Deno.readDirSync(this.directory)].map(({ name }) => name).sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.directory, { recursive: true });
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

const line = (id: string, time: string | number) => atLine({ id, time: String(time) });
const batch = (...ids: string[]) => ids.map((id) => `${line(id, 1)}\n`).join("");

/** Many batches, so that the file has pages that are not its first. */
const many = Array.from({ length: 200 }, (_, index) => batch(`${index}.`.repeat(200)));

Deno.test({
  name: "openStore() makes a file, and fills the table from one: of each client the newest record",
  ...files,
  async fn() {
    using file = new File();
    {
      using opened = await file.open();
      assertEquals([opened.lines, opened.troubles, opened.table.size], [0, [], 0]);
    }
    await file.write(
      `${line("k", 2)}\n${line("l", 1)}\n`,
      `${line("k", 3)}\n`,
      `${line("k", 1)}\n`,
    );
    using opened = await file.open();
    assertEquals([opened.lines, opened.troubles], [4, []]);
    assertEquals(lineOf(opened.table, "k"), line("k", 3));
    assertEquals(lineOf(opened.table, "l"), line("l", 1));
  },
});

Deno.test({
  name: "openStore() takes no record that is to be forgotten",
  ...files,
  async fn() {
    using file = new File();
    await file.write(`${line("old", 99)}\n${line("new", 100)}\n`);
    const table = new Table();
    table.forgetBefore = 100;
    using opened = await file.open(table);
    assertEquals([opened.lines, table.size, lineOf(table, "old")], [2, 1, null]);
  },
});

/** Makes a file of an earlier version. */
async function writeVersion(path: string, version: number, ids: readonly string[]): Promise<void> {
  const { DatabaseSync } = await import("node:sqlite");
  const earlier = new DatabaseSync(path);
  const [table, end] = version === 1 ? ["records (line", ""] : ["batches (lines", "\n"];
  const number = version === 1 ? "" : "number INTEGER PRIMARY KEY AUTOINCREMENT, ";
  earlier.exec(`CREATE TABLE ${table.replace("(", `(${number}`)} BLOB NOT NULL)`);
  earlier.exec(`PRAGMA user_version = ${version}; BEGIN`);
  const insert = earlier.prepare(`INSERT INTO ${table}) VALUES (?)`);
  for (const id of ids) insert.run(bytesOf(line(id, 1) + end));
  earlier.exec("COMMIT");
  earlier.close();
}

Deno.test({
  name: "openStore() opens files of all earlier versions, and their records are there",
  ...files,
  async fn() {
    const ids = Array.from({ length: 1_000 }, (_, client) => `client.${client}`);
    for (const version of [1, 2]) {
      using file = new File();
      await writeVersion(file.path, version, ids);
      {
        using opened = await file.open();
        assertEquals([opened.troubles, opened.table.size], [[], 1_000]);
        opened.store.append(bytesOf(batch("another")));
      }
      using again = await file.open();
      assertEquals([again.troubles, again.lines], [[], 1_001]);
      for (const id of [...ids, "another"]) assertEquals(lineOf(again.table, id), line(id, 1));
    }
  },
});

/** Opens a damaged file: it is set aside with a line that says so, and there is a store afterwards. */
async function assertSetAside(file: File, reason: RegExp, what: string): Promise<void> {
  {
    using opened = await file.open();
    assertEquals(opened.troubles.length, 1, `${what}: ${opened.troubles}`);
    const [trouble] = opened.troubles;
    assert(
      trouble!.endsWith(`: it was set aside as ${file.path}.damaged-1`),
      `${what}: ${trouble}`,
    );
    assertMatch(trouble!, reason);
    assertEquals(trouble!.includes("\n"), false);
    assert(exists(`${file.path}.damaged-1`), what);
    opened.store.append(bytesOf(batch("afterwards")));
  }
  using again = await file.open();
  assertEquals([again.troubles, lineOf(again.table, "afterwards")], [[], line("afterwards", 1)]);
}

Deno.test({
  name: "openStore() sets a file aside that is no database",
  ...files,
  async fn() {
    for (const text of ["AT Clark\n".repeat(1000), "x".repeat(513)]) {
      using file = new File();
      Deno.writeTextFileSync(file.path, text);
      await assertSetAside(file, /is damaged \(.*not a database/, text.slice(0, 10));
    }
  },
});

Deno.test({
  name: "openStore() begins anew in a file that was made and never written to",
  ...files,
  async fn() {
    using file = new File();
    Deno.writeTextFileSync(file.path, "");
    using opened = await file.open();
    assertEquals([opened.troubles, file.names.includes("Clark.db")], [[], true]);
  },
});

Deno.test({
  name: "openStore() sets a batch aside that holds something else than records",
  ...files,
  async fn() {
    const junk = [
      "no record\n",
      line("without.an.end", 1),
      "",
      "\n",
      `${line("k", 1)}\n\n`,
      `${line("k", 1)}\nAT Clark +0.25 k +34-118 1\n`,
      "AT Clark +0.250000000 k +34-118 1 \n",
      "\0\0\0\0\0\0\n",
    ];
    for (const text of junk) {
      using file = new File();
      await file.write(batch("good"), text, batch("behind"));
      await assertSetAside(file, /a line that is no record|a batch without an end/, text);
    }
  },
});

Deno.test({
  name: "openStore() keeps what came before the damage: it is newer than nothing",
  ...files,
  async fn() {
    using file = new File();
    await file.write(batch("good"), "no record\n", batch("behind"));
    using opened = await file.open();
    assertEquals(lineOf(opened.table, "good"), line("good", 1));
    assertEquals(lineOf(opened.table, "behind"), null);
  },
});

Deno.test({
  name: "openStore() sets files aside side by side",
  ...files,
  async fn() {
    using file = new File();
    for (let number = 1; number <= 3; number++) {
      Deno.writeTextFileSync(file.path, "no database, whatever it is called");
      using opened = await file.open();
      assert(opened.troubles[0]!.endsWith(`.damaged-${number}`));
    }
  },
});

Deno.test({
  name: "openStore() gives a store and no error whatever is torn off, flipped or zeroed",
  ...files,
  async fn() {
    const random = seededRandom(8);
    let set = 0;
    for (let round = 0; round < 60; round++) {
      using file = new File();
      await file.write(...many);
      // Half of the rounds with everything in the file itself, half with most of it beside it.
      if (round % 2 === 0) (await Store.open(file.path, { sync: false }))[Symbol.dispose]();
      const damaged = round % 2 === 0 ? file.path : `${file.path}-wal`;
      damage(damaged, random.fraction, round);
      using opened = await openedUnlessNewer(file);
      if (opened === null) continue;
      const known = Array.from({ length: 200 }, (_, index) => `${index}.`.repeat(200))
        .filter((id) => lineOf(opened.table, id) === line(id, 1));
      assertEquals(opened.table.size, known.length, "a record that nobody reported");
      assertLess(opened.troubles.length, 2);
      set += opened.troubles.length;
      opened.store.append(bytesOf(batch("afterwards")));
    }
    assert(set > 10, `${set} were set aside`);
  },
});

/** @returns null where the damage made it a file of a later version */
async function openedUnlessNewer(file: File) {
  try {
    return await file.open();
  } catch (error) {
    assert(error instanceof StoreError && /its layout is version/.test(error.message), `${error}`);
    return null;
  }
}

/** Tears a part off, flips bits or zeroes a page somewhere. */
function damage(path: string, fraction: () => number, round: number): void {
  const bytes = Deno.readFileSync(path);
  const at = Math.floor(fraction() * bytes.length);
  if (round % 3 === 0) return Deno.writeFileSync(path, bytes.subarray(0, at));
  const length = round % 3 === 1 ? 4096 : 3;
  for (let from = at; from < Math.min(at + length, bytes.length); from++) {
    bytes[from] = round % 3 === 1 ? 0 : bytes[from]! ^ (1 << Math.floor(fraction() * 8));
  }
  Deno.writeFileSync(path, bytes);
}

/** Expects one line that says what is wrong and what to do. */
async function assertRefused(file: File, directory: string, pattern: RegExp): Promise<void> {
  const options = { table: new Table(), hashSeed: seed, clock: file.clock };
  const error = await assertRejects(() => openStore(file.file(directory), options), StoreError);
  assertMatch(error.message, pattern);
  assertEquals(error.message.includes("\n"), false);
}

Deno.test({
  name: "openStore() refuses a place where no file can be, and says what to do",
  ...files,
  async fn() {
    using file = new File();
    Deno.writeTextFileSync(`${file.directory}/none`, "a file, not a directory");
    const directory = `${file.directory}/none`;
    await assertRefused(file, directory, /none\/Clark\.db: .+; .*--data-dir DIR names another/);
  },
});

Deno.test({
  name: "openStore() refuses a file of a later version, and leaves it where it is",
  ...files,
  async fn() {
    using file = new File();
    const { DatabaseSync } = await import("node:sqlite");
    const later = new DatabaseSync(file.path);
    later.exec(`CREATE TABLE beyond (us); PRAGMA user_version = ${schemaVersion + 1}`);
    later.close();
    const told =
      /Clark\.db: its layout is version 5, .*; start the version that wrote it, or --data/;
    await assertRefused(file, file.directory, told);
    assertEquals(file.names.filter((name) => name.includes("damaged")), []);
  },
});

/** Locks a file as a program does that nobody else may read beside. */
async function lock(path: string): Promise<Disposable> {
  const { DatabaseSync } = await import("node:sqlite");
  const other = new DatabaseSync(path);
  other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE held (x)");
  return {
    [Symbol.dispose]() {
      other.exec("ROLLBACK");
      other.close();
    },
  };
}

Deno.test({
  name:
    "storeOpenMs, storeOpenRetryMs: openStore() waits for another program's lock, and not for ever",
  ...files,
  async fn() {
    using file = new File();
    (await file.open())[Symbol.dispose]();
    let opened: OpenedStore | null = null;
    {
      using _held = await lock(file.path);
      const refused = assertRefused(file, file.directory, /is locked; end the program that holds/);
      await file.clock.run(storeOpenMs + storeOpenRetryMs);
      await refused;
      openStore(file.file(), { table: new Table(), hashSeed: seed, clock: file.clock })
        .then((it) => opened = it);
      await file.clock.run(storeOpenMs / 2);
      assertEquals(opened, null);
    }
    await file.clock.run(storeOpenRetryMs);
    await file.clock.settle();
    assert(opened !== null);
    (opened as OpenedStore).store[Symbol.dispose]();
    assertEquals(file.names.filter((name) => name.includes("damaged")), []);
  },
});

Deno.test({
  name: "idBytesMax, fieldBytesMax: openStore() leaves longer records out and counts them",
  ...files,
  async fn() {
    using file = new File();
    const long = [
      atLine({ id: "i".repeat(idBytesMax + 1), time: "1" }),
      `AT Clark +0.250000000 k +34.${"0".repeat(fieldBytesMax)}-118 1`,
      `AT Clark +0.250000000 k +34-118 1.${"0".repeat(fieldBytesMax)}`,
    ];
    const whole = [
      atLine({ id: "i".repeat(idBytesMax), time: "1" }),
      `AT Clark +0.250000000 l +34.${"0".repeat(fieldBytesMax - 8)}-118 1`,
    ];
    await file.write([...long, ...whole].map((line) => `${line}\n`).join(""));
    using opened = await file.open();
    assertEquals([opened.lines, opened.tooLong, opened.troubles], [5, 3, []]);
    assertEquals(opened.table.size, 2);
    assertEquals(lineOf(opened.table, "k"), null);
  },
});

/** Who may do what with a file, in octal. */
function modeOf(path: string): string {
  return (Deno.statSync(path).mode! & 0o777).toString(8);
}

const modes = { ignore: files.ignore || Deno.build.os === "windows" };

Deno.test({
  name:
    "StoreFile makes files and directories that nobody else can read, and takes back what others could",
  ...modes,
  async fn() {
    using file = new File();
    const directory = `${file.directory}/data/of/herd`;
    const path = `${directory}/Clark.db`;
    const all = [path, `${path}-wal`, `${path}-shm`];
    {
      using store = await file.file(directory).open();
      store.append(bytesOf(batch("k")));
      assertEquals(all.map(modeOf), ["600", "600", "600"]);
      assertEquals([modeOf(directory), modeOf(`${file.directory}/data`)], ["700", "700"]);
      for (const each of all) Deno.chmodSync(each, 0o644);
      using again = await file.file(directory).open();
      again.append(bytesOf(batch("l")));
      assertEquals(all.map(modeOf), ["600", "600", "600"]);
    }
    assertEquals(file.troubles, []);
  },
});
