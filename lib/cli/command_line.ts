/**
 * The command line: which command, and what it needs.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { nearestName } from "../topology/nearest_name.ts";
import { commandMeant } from "./command_meant.ts";
import {
  type CommandName,
  commandNamed,
  type FlagName,
  flags as flagsByName,
  type InitKind,
  initKinds,
  isCommandName,
  type RecordFormat,
  recordFormats,
  type Shell,
  shells,
} from "./commands.ts";
import { flagForm, UsageError } from "./usage.ts";

/** What every command takes. */
export interface ConfigOption {
  /** What `--config` says; undefined: herd.json is looked for. */
  readonly config: string | undefined;
}

/** What the servers of a herd are started with. */
export interface HerdFlags extends ConfigOption {
  /** The directory of the log files. */
  readonly logDir: string;
  /** The directory of the files that records are kept in; undefined: as herd.json says. */
  readonly dataDir: string | undefined;
  /** Whether links from other machines are accepted without a secret. */
  readonly insecureLinks: boolean;
}

/** What one server is started with. */
export interface ServeOptions extends HerdFlags {
  /** What it listens on, whatever herd.json says. */
  readonly bind: string | undefined;
  /** Whether another program started it: it stops when standard input ends. */
  readonly supervised: boolean;
}

/** A command and its arguments. */
export type CommandLine =
  | ServeLine
  | { readonly command: "herd" } & HerdFlags
  | { readonly command: "client"; readonly words: readonly string[] } & ConfigOption
  | { readonly command: "ping"; readonly name: string | undefined } & ConfigOption
  | { readonly command: "check" } & ConfigOption
  | ExportLine
  | ImportLine
  | { readonly command: "forget"; readonly id: string | undefined } & ConfigOption
  | { readonly command: "token" } & TokenLine
  | InitLine
  | { readonly command: "help"; readonly topic: CommandName | undefined }
  | { readonly command: "version" };

/** `serve` and its arguments. */
export interface ServeLine extends ServeOptions {
  readonly command: "serve";
  readonly name: string | undefined;
  /** Whether the word `serve` was left out: then the name may be a misspelled command. */
  readonly bare: boolean;
}

/** `export` and its arguments. */
export interface ExportLine extends ConfigOption {
  readonly command: "export";
  readonly name: string | undefined;
  readonly dataDir: string | undefined;
  readonly format: RecordFormat;
}

/** `import` and its arguments. */
export interface ImportLine extends ConfigOption {
  readonly command: "import";
  readonly name: string | undefined;
  /** What is imported; undefined: standard input. */
  readonly file: string | undefined;
}

/** `token` and its arguments: what a token is to allow. */
export interface TokenLine {
  /** Whose it is. */
  readonly name: string | undefined;
  /** IDs that may be reported, exact or a prefix with `*`. */
  readonly report: readonly string[];
  /** IDs that may be read. */
  readonly read: readonly string[];
  readonly places: boolean;
  readonly monitor: boolean;
  readonly admin: boolean;
  /** How many days it counts, as it was given. */
  readonly days: string | undefined;
}

/** `init` and its arguments. */
export interface InitLine extends ConfigOption {
  readonly command: "init";
  readonly kind: InitKind;
  /** Which shell `completions` are for. */
  readonly shell?: Shell;
}

const flagNames = Object.keys(flagsByName) as FlagName[];
const valued = flagNames.filter((name) => "value" in flagsByName[name]);
/** Flags that may be repeated. */
const collected = ["report", "read"] as const;
const others = ["help", "version"];

/**
 * Understands the arguments of the program. A first argument that is no command is the name of a
 * server to start.
 *
 * @param args the arguments, for instance `Deno.args`
 * @throws {UsageError} when a flag is unknown or has no value, or there are too many arguments
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const started = parseCommandLine(["Clark", "--config", "other.json"]);
 * assertEquals(started.command, "serve");
 * assertEquals(parseCommandLine(["check"]), { command: "check", config: undefined });
 * ```
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const given = parseArgs([...args], {
    boolean: [...flagNames.filter((name) => !valued.includes(name)), ...others],
    string: ["_", ...valued],
    collect: [...collected],
    alias: { help: "h", version: "V" },
    unknown: (arg, key) => key === undefined || refuseFlag(arg, key),
  }) as Given;
  // They are strings already, but std types them as though some were numbers.
  const all = given._.map(String);
  const [first, ...rest] = all;
  if (given.help) return { command: "help", topic: isCommandName(first) ? first : undefined };
  if (given.version) return { command: "version" };
  const bare = !isCommandName(first);
  const command = bare ? "serve" : first;
  const words = bare ? all : rest;
  refuseFlagsOfOthers(command, given);
  if (bare && words.length > 1 && commandMeant(words[0]!) !== undefined) unknownCommand(words[0]!);
  refuseMoreThan(commandNamed(command).argumentCount, words, command);
  return lineOf(command, { words, bare, given });
}

/** What the flags and the other arguments are. */
interface Given extends Partial<Record<FlagName | "help" | "version", unknown>> {
  readonly _: readonly (string | number)[];
}

/** What a line is made of when its command is known, and has no more than it takes. */
interface Words {
  readonly words: readonly string[];
  /** Whether `serve` was left out. */
  readonly bare: boolean;
  readonly given: Given;
}

function lineOf(command: CommandName, { words, bare, given }: Words): CommandLine {
  const [first, second] = words;
  const config = valueOf("config", given);
  switch (command) {
    case "serve": {
      const bind = valueOf("bind", given);
      const supervised = given.supervised === true;
      return { command, name: first, bare, ...herdFlags(given), bind, supervised };
    }
    case "herd":
      return { command, ...herdFlags(given) };
    case "client":
      return { command, words, config };
    case "ping":
      return { command, name: first, config };
    case "check":
      if (first !== undefined && config !== undefined) {
        throw new UsageError("check takes one configuration: FILE or --config FILE, not both");
      }
      return { command, config: first ?? config };
    case "export": {
      const format = oneOf(valueOf("format", given) ?? "at", recordFormats, "--format");
      return { command, name: first, config, dataDir: valueOf("data-dir", given), format };
    }
    case "import":
      return { command, name: first, file: second === "-" ? undefined : second, config };
    case "forget":
      return { command, id: first, config };
    case "token":
      return { command, ...tokenLine(first, given) };
    case "init":
      return { command, ...initLine(words), config };
    case "help":
      if (first === undefined) return { command, topic: undefined };
      return { command, topic: isCommandName(first) ? first : unknownCommand(first) };
    case "version":
      return { command };
  }
}

function tokenLine(name: string | undefined, given: Given): TokenLine {
  const [report, read] = collected.map((flag) => {
    const values = given[flag];
    const ids = Array.isArray(values) ? values.map(String) : [];
    if (ids.includes("")) throw new UsageError(`--${flag} needs a value, as in ${flagForm(flag)}`);
    return ids;
  }) as [string[], string[]];
  const isGiven = (flag: FlagName) => given[flag] === true;
  return {
    name,
    report,
    read,
    places: isGiven("places"),
    monitor: isGiven("monitor"),
    admin: isGiven("admin"),
    days: valueOf("days", given),
  };
}

function herdFlags(given: Given): HerdFlags {
  return {
    config: valueOf("config", given),
    logDir: valueOf("log-dir", given) ?? "logs",
    dataDir: valueOf("data-dir", given),
    insecureLinks: given["insecure-links"] === true,
  };
}

function initLine([word, shell, ...more]: readonly string[]): Pick<InitLine, "kind" | "shell"> {
  const kind = oneOf(word, Object.keys(initKinds) as InitKind[], "init");
  if (kind === "completions") return { kind, shell: oneOf(shell, shells, "init completions") };
  refuseMoreThan(0, shell === undefined ? more : [shell], `init ${kind}`);
  return { kind };
}

function oneOf<Word extends string>(
  word: string | undefined,
  known: readonly Word[],
  what: string,
): Word {
  const found = known.find((each) => each === word);
  if (found !== undefined) return found;
  const all = `${what} takes one of ${known.join(", ")}`;
  if (word === undefined) throw new UsageError(all);
  const nearest = nearestName(word, known);
  const hint = nearest === undefined ? "" : `; did you mean ${JSON.stringify(nearest)}?`;
  throw new UsageError(`${all}; not ${JSON.stringify(word)}${hint}`);
}

function refuseFlag(arg: string, key: string): never {
  const nearest = nearestName(key, [...flagNames, ...others]);
  const hint = nearest === undefined ? "--help lists the flags" : `did you mean --${nearest}?`;
  throw new UsageError(`unknown flag ${JSON.stringify(arg)}; ${hint}`);
}

/** Refuses a flag that another command knows. */
function refuseFlagsOfOthers(command: CommandName, given: Given): void {
  const own = commandNamed(command).flags;
  for (const flag of flagNames) {
    const value = given[flag];
    const isGiven = value !== undefined && value !== false &&
      !(Array.isArray(value) && value.length === 0);
    if (isGiven && !own.includes(flag)) throw new UsageError(`${command} takes no --${flag}`);
  }
}

function refuseMoreThan(count: number, words: readonly string[], command: string): void {
  const surplus = words[count];
  if (surplus === undefined) return;
  const most = ["no argument", "one argument", "two arguments"][count];
  throw new UsageError(`${command} takes ${most}; ${JSON.stringify(surplus)} is one too many`);
}

function unknownCommand(word: string): never {
  const meant = commandMeant(word);
  const hint = meant === undefined ? "--help lists the commands" : `did you mean "${meant}"?`;
  throw new UsageError(`unknown command ${JSON.stringify(word)}; ${hint}`);
}

function valueOf(flag: FlagName, given: Given): string | undefined {
  const value = given[flag];
  if (value === "") {
    throw new UsageError(`--${flag} needs a value, as in ${flagForm(flag)}`);
  }
  return typeof value === "string" ? value : undefined;
}
