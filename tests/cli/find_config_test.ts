import { assertEquals, assertRejects } from "@std/assert";
import { builtInName, configText, findConfig, readConfig } from "../../lib/cli/find_config.ts";
import { HerdFileError } from "../../lib/topology/herd_file.ts";
import { needs } from "../needs.ts";

const files = await needs("read", "write");

/** Two empty directories: where the program runs, and where its executable is. */
class Places implements Disposable {
  readonly working = Deno.makeTempDirSync();
  readonly beside = Deno.makeTempDirSync();
  readonly #before = Deno.cwd();

  constructor() {
    Deno.chdir(this.working);
  }

  find({ given, standalone = true }: { given?: string; standalone?: boolean } = {}) {
    return findConfig(given, { standalone, execPath: `${this.beside}/herd-server` });
  }

  [Symbol.dispose](): void {
    Deno.chdir(this.#before);
    for (const path of [this.working, this.beside]) Deno.removeSync(path, { recursive: true });
  }
}

Deno.test({
  name: "findConfig() takes --config, else the working directory, else beside the executable, " +
    "else the copy inside",
  ...files,
  async fn() {
    using places = new Places();
    assertEquals(await places.find(), { name: builtInName, path: null });
    const beside = `${places.beside}/herd.json`;
    Deno.writeTextFileSync(beside, "{}");
    assertEquals(await places.find(), { name: beside, path: beside });
    Deno.writeTextFileSync("herd.json", "{}");
    assertEquals(await places.find(), { name: "herd.json", path: "herd.json" });
    assertEquals(await places.find({ given: "x.json" }), { name: "x.json", path: "x.json" });
  },
});

Deno.test({
  name: "findConfig() does not look beside the runtime when it runs from source",
  ...files,
  async fn() {
    using places = new Places();
    Deno.writeTextFileSync(`${places.beside}/herd.json`, "{}");
    assertEquals((await places.find({ standalone: false })).path, null);
  },
});

Deno.test({
  name: "findConfig() finds what cannot be read, and readConfig() says so",
  ...files,
  async fn() {
    using places = new Places();
    Deno.mkdirSync("herd.json");
    const found = await places.find();
    assertEquals(found.path, "herd.json");
    await assertRejects(() => readConfig(found), HerdFileError, "herd.json: cannot be read: ");
  },
});

Deno.test({
  name: "readConfig() says in one line that a file is not there",
  ...files,
  async fn() {
    using _places = new Places();
    const found = { name: "no/such.json", path: "no/such.json" };
    const { errors } = await assertRejects(() => readConfig(found), HerdFileError);
    assertEquals(errors, ["no/such.json: there is no such file"]);
  },
});

Deno.test({
  name: "readConfig() reads the copy inside, which is the repository's herd.json",
  ...files,
  async fn() {
    const found = { name: builtInName, path: null };
    assertEquals([...(await readConfig(found)).servers.keys()], [
      ...["Bailey", "Bona", "Campbell", "Clark", "Jaquez"],
    ]);
    const file = new URL("../../herd.json", import.meta.url);
    assertEquals(JSON.parse(await configText(found)), JSON.parse(Deno.readTextFileSync(file)));
  },
});
