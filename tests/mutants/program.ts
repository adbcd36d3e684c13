/**
 * A copy of the program and its tests, to be broken.
 *
 * @module
 */

/** Seeds that a mutant is looked for with, at the most. */
const seedsMax = 200;
/** A check that takes longer has noticed: the mutant waits for ever, or goes round in circles. */
const [huntMsMax, testMsMax] = [180_000, 45_000];

const root = new URL("../../", import.meta.url);
/** What a copy needs. */
const copied = ["lib", "tests", "main.ts", "deno.json", "deno.lock", "herd.json"];
const decoder = new TextDecoder();

/** A copy of the program in a directory of its own, which goes when it is disposed of. */
export class Program implements AsyncDisposable {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** @returns a copy of the program as it is in the work tree */
  static async copy(): Promise<Program> {
    const directory = await Deno.makeTempDir({ prefix: "herd-mutant-" });
    for (const name of copied) await copyAll(new URL(name, root), `${directory}/${name}`);
    return new Program(directory);
  }

  /**
   * Changes a file.
   *
   * @returns what changes it back
   * @throws {RottenMutantError} when `change` does; then nothing is changed
   */
  async change(file: string, change: (source: string) => string): Promise<() => Promise<void>> {
    const path = `${this.#directory}/${file}`;
    const source = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, change(source));
    return () => Deno.writeTextFile(path, source);
  }

  /** @returns the first seed whose simulation breaks a promise, and which; null when none does */
  async hunt(): Promise<string | null> {
    const { text, isLate } = await this.#deno(
      "run",
      "--no-check",
      "tests/mutants/hunt.ts",
      `${seedsMax}`,
    );
    if (isLate) return "a simulation without an end";
    return text === "" ? null : `seed ${text.slice(0, 100)}`;
  }

  /** @returns whether there are tests with this in their names in a file, and all pass */
  async test(file: string, name: string): Promise<boolean> {
    const { text, success } = await this.#deno(
      ...["test", "--no-check", "--allow-all", "--filter", name, file],
    );
    return success && !/\b0 passed/.test(text);
  }

  /** Runs Deno in the copy. */
  async #deno(...args: string[]): Promise<{ text: string; success: boolean; isLate: boolean }> {
    const late = new AbortController();
    const [command, ...rest] = args;
    const timer = setTimeout(() => late.abort(), command === "test" ? testMsMax : huntMsMax);
    const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
      args: [command!, "--quiet", ...rest],
      cwd: this.#directory,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      stdin: "null",
      signal: late.signal,
    }).output();
    clearTimeout(timer);
    // A mutant that does not even load is as dead as any.
    const text = decoder.decode(stdout) || (success ? "" : decoder.decode(stderr));
    return { text: text.trim(), success, isLate: late.signal.aborted };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#directory, { recursive: true });
  }
}

async function copyAll(from: URL, to: string): Promise<void> {
  if (!(await Deno.stat(from)).isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  const folder = new URL(`${from}/`);
  for await (const { name } of Deno.readDir(folder)) {
    await copyAll(new URL(name, folder), `${to}/${name}`);
  }
}
