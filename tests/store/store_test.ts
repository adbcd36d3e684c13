import { assert, assertEquals, assertLess, assertRejects, assertThrows } from "@std/assert";
import { DamageError, NewerStoreError } from "../../lib/store/record_store.ts";
import { schemaVersion, Store } from "../../lib/store/store.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { needs } from "../needs.ts";

const files = await needs("read", "write", "env", "sys", "ffi");

/** A path in a directory that is removed at the end. */
function temporary(): { path: string } & Disposable {
  const directory = Deno.makeTempDirSync({ prefix: "herd-store-" });
  return {
    path: `${directory}/Clark.db`,
    [Symbol.dispose]: () => Deno.removeSync(directory, { recursive: true }),
  };
}

const batches = (store: Store) => [...store.batches()].map(textOf);

Deno.test({
  name: "Store gives back what was appended, in its order, when it is opened again",
  ...files,
  async fn() {
    for (const sync of [false, true]) {
      using file = temporary();
      {
        using store = await Store.open(file.path, { sync });
        assertEquals([batches(store), store.last], [[], 0]);
        assertEquals(store.append(bytesOf("one\ntwo\n")), 1);
        assertEquals(store.append(bytesOf("\xff\0\n")), 2);
      }
      using store = await Store.open(file.path, { sync });
      assertEquals([batches(store), store.last], [["one\ntwo\n", "\xff\0\n"], 2]);
      assertEquals(store.append(bytesOf("three\n")), 3);
    }
  },
});

Deno.test({
  name:
    "Store.append() has a batch in the file at once: nothing is lost with a process that is killed",
  ...files,
  async fn() {
    using file = temporary();
    using store = await Store.open(file.path, { sync: false });
    store.append(bytesOf("one\n"));
    // What a killed process leaves: the files as they are, never closed.
    for (const suffix of ["", "-wal"]) {
      Deno.copyFileSync(file.path + suffix, `${file.path}.copy${suffix}`);
    }
    using copy = await Store.open(`${file.path}.copy`, { sync: false });
    assertEquals(batches(copy), ["one\n"]);
  },
});

Deno.test({
  name: "Store.open() has SQLite wait for the disk: at every append with sync, else at checkpoints",
  ...files,
  async fn() {
    const { DatabaseSync } = await import("node:sqlite");
    const { exec } = DatabaseSync.prototype;
    const opened = new Set<InstanceType<typeof DatabaseSync>>();
    DatabaseSync.prototype.exec = function (statement) {
      opened.add(this);
      return exec.call(this, statement);
    };
    try {
      // As https://www.sqlite.org/pragma.html#pragma_synchronous numbers them: NORMAL, FULL.
      for (const [sync, level] of [[false, 1], [true, 2]] as const) {
        using file = temporary();
        using _store = await Store.open(file.path, { sync });
        const [database] = opened;
        assertEquals({ ...database!.prepare("PRAGMA synchronous").get() }, { synchronous: level });
        opened.clear();
      }
    } finally {
      DatabaseSync.prototype.exec = exec;
    }
  },
});

Deno.test({
  name: "Store.dropBatches() drops the oldest, few at a time, and numbers are not given again",
  ...files,
  async fn() {
    using file = temporary();
    using store = await Store.open(file.path, { sync: false });
    for (let number = 1; number <= 10; number++) store.append(bytesOf(`${number}\n`));
    assertEquals(store.dropBatches(7, 3), false);
    assertEquals(batches(store).length, 7);
    assertEquals([store.dropBatches(7, 3), store.dropBatches(7, 3)], [false, true]);
    assertEquals(batches(store), ["8\n", "9\n", "10\n"]);
    assertEquals(store.dropBatches(10, 100), true);
    assertEquals([store.last, store.append(bytesOf("11\n"))], [0, 11]);
  },
});

Deno.test({
  name: "Store.append() throws when the disk is full, and goes on when there is room again",
  ...files,
  async fn() {
    using file = temporary();
    using store = await Store.open(file.path, { sync: false });
    store.append(bytesOf("before\n"));
    const { DatabaseSync } = await import("node:sqlite");
    {
      // Another one that writes is as good as a full disk: it is refused in the same way.
      const other = new DatabaseSync(file.path);
      other.exec("BEGIN EXCLUSIVE");
      const begunMs = performance.now();
      assertThrows(() => store.append(bytesOf("refused\n")), Error, "locked");
      // SQLite itself would wait, and every client with it.
      assertLess(performance.now() - begunMs, 250);
      other.exec("COMMIT");
      other.close();
    }
    store.append(bytesOf("behind\n"));
    assertEquals(batches(store), ["before\n", "behind\n"]);
  },
});

/** Whether a word is anywhere in the file or beside it. */
function isOnDisk(path: string, word: string): boolean {
  return ["", "-wal"].some((suffix) => textOf(Deno.readFileSync(path + suffix)).includes(word));
}

/** Longer than a page, so that it lies in pages of its own, too. */
const secret = (name: string) => `${name}\n`.repeat(2_000);

Deno.test({
  name: "Store.erase() leaves nothing on the disk of what was dropped, and all of what was not",
  ...files,
  async fn() {
    for (const sync of [false, true]) {
      using file = temporary();
      using store = await Store.open(file.path, { sync });
      for (let times = 0; times < 10; times++) store.append(bytesOf(secret("forgotten")));
      const last = store.append(bytesOf("forgotten, too\n"));
      store.append(bytesOf(secret("kept")));
      while (!store.dropBatches(last, 8));
      assert(isOnDisk(file.path, "forgotten"), "it is still there until it is erased");
      assertEquals(store.erase(), true);
      assertEquals([isOnDisk(file.path, "forgotten"), batches(store)], [false, [secret("kept")]]);
    }
  },
});

Deno.test({
  name: "Store.erase() says that it is not done while another program reads, and waits for nobody",
  ...files,
  async fn() {
    using file = temporary();
    using store = await Store.open(file.path, { sync: false });
    store.append(bytesOf("forgotten\n"));
    const { DatabaseSync } = await import("node:sqlite");
    const reader = new DatabaseSync(file.path, { readOnly: true });
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM batches").get();
    store.dropBatches(1, 1);
    assertEquals(store.erase(), false);
    reader.exec("COMMIT");
    reader.close();
    assertEquals([store.erase(), isOnDisk(file.path, "forgotten")], [true, false]);
  },
});

Deno.test({
  name: "Store.open() erases what an earlier version had dropped, and kept in its free pages",
  ...files,
  async fn() {
    using file = temporary();
    const { DatabaseSync } = await import("node:sqlite");
    const earlier = new DatabaseSync(file.path);
    earlier.exec(`PRAGMA secure_delete = OFF;
      CREATE TABLE batches (number INTEGER PRIMARY KEY AUTOINCREMENT, lines BLOB NOT NULL, sum INTEGER)`);
    const insert = earlier.prepare("INSERT INTO batches (lines) VALUES (?)");
    for (const text of [secret("forgotten"), secret("kept")]) insert.run(bytesOf(text));
    earlier.exec("DELETE FROM batches WHERE number = 1; PRAGMA user_version = 3");
    earlier.close();
    assert(textOf(Deno.readFileSync(file.path)).includes("forgotten"));
    {
      using store = await Store.open(file.path, { sync: false });
      assertEquals(batches(store), [secret("kept")]);
      store.erase();
    }
    assert(!textOf(Deno.readFileSync(file.path)).includes("forgotten"));
  },
});

Deno.test({
  name: "Store.batches() gives what comes before a batch in which a byte changed, and then throws",
  ...files,
  async fn() {
    using file = temporary();
    {
      using store = await Store.open(file.path, { sync: false });
      for (const text of ["one\n", "two\n", "three\n"]) store.append(bytesOf(text));
    }
    const bytes = Deno.readFileSync(file.path);
    const at = textOf(bytes).indexOf("two\n");
    assert(at > 0);
    bytes[at]! ^= 1;
    Deno.writeFileSync(file.path, bytes);
    using store = await Store.open(file.path, { sync: false });
    const iterator = store.batches();
    assertEquals(textOf(iterator.next().value!), "one\n");
    assertThrows(() => iterator.next(), DamageError, "a wrong sum");
  },
});

Deno.test({
  name: "Store.open() refuses a file of a later version, and leaves it as it is",
  ...files,
  async fn() {
    using file = temporary();
    const { DatabaseSync } = await import("node:sqlite");
    const later = new DatabaseSync(file.path);
    later.exec(`CREATE TABLE beyond (us); PRAGMA user_version = ${schemaVersion + 1}`);
    later.close();
    const before = Deno.readFileSync(file.path).slice(100);
    const told = `its layout is version ${schemaVersion + 1}, and this program knows 4 and earlier`;
    await assertRejects(
      () => Store.open(file.path, { sync: false }),
      NewerStoreError,
      told,
    );
    assertEquals(Deno.readFileSync(file.path).slice(100), before);
  },
});

Deno.test({
  name: "Store.open() rejects what is no database, and a place where no file can be",
  ...files,
  async fn() {
    using file = temporary();
    Deno.writeTextFileSync(file.path, "AT Clark ".repeat(1000));
    await assertRejects(() => Store.open(file.path, { sync: false }), Error, "not a database");
    assertEquals(Deno.readTextFileSync(file.path).slice(0, 9), "AT Clark ");
    await assertRejects(() => Store.open(`${file.path}/none`, { sync: false }), Error);
  },
});
