/**
 * The command line: which command, and what it needs.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { nameHint, nearestName } from "../topology/nearest_name.ts";
import { UsageError } from "./usage.ts";

/** What every command takes. */
export interface ConfigOption {
  /** What `--config` says; undefined: herd.json is looked for. */
  readonly config: string | undefined;
}

/** What the servers of a herd are started with. */
export interface ServeOptions extends ConfigOption {
  /** The directory of the log files. */
  readonly logDir: string;
  /** The directory of the files that records are kept in; undefined: as herd.json says. */
  readonly dataDir: string | undefined;
  /** Whether links from other machines are accepted without a secret. */
  readonly insecureLinks: boolean;
}

/** What `init` makes files for: what keeps servers running. */
const initKinds = ["systemd", "docker", "compose", "secret"] as const;

/** One of them. */
export type InitKind = typeof initKinds[number];

/** A command and its arguments. */
export type CommandLine =
  | { readonly command: "serve"; readonly name: string | undefined } & ServeOptions
  | { readonly command: "herd" } & ServeOptions
  | { readonly command: "client"; readonly words: readonly string[] } & ConfigOption
  | { readonly command: "ping"; readonly name: string | undefined } & ConfigOption
  | { readonly command: "check" } & ConfigOption
  | { readonly command: "init"; readonly kind: InitKind } & ConfigOption
  | { readonly command: "help" }
  | { readonly command: "version" };

/** The commands that have arguments, and the flags that each takes. */
const flagsOf = {
  serve: ["config", "log-dir", "data-dir", "insecure-links"],
  herd: ["config", "log-dir", "data-dir", "insecure-links"],
  client: ["config"],
  ping: ["config"],
  check: ["config"],
  init: ["config"],
} as const;

type CommandName = keyof typeof flagsOf;

const commandNames = Object.keys(flagsOf);
const flagNames = ["config", "log-dir", "data-dir", "insecure-links", "help", "version"];

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
  const flags = parseArgs([...args], {
    boolean: ["insecure-links", "help", "version"],
    string: ["_", "config", "log-dir", "data-dir"],
    alias: { help: "h", version: "V" },
    unknown: (arg, key) => key === undefined || refuseFlag(arg, key),
  });
  if (flags.help) return { command: "help" };
  if (flags.version) return { command: "version" };
  // They are strings already, but std types them as though some were numbers.
  const all = flags._.map(String);
  const [first, ...others] = all;
  const command = isCommand(first) ? first : "serve";
  const words = isCommand(first) ? others : all;
  refuseFlagsOfOthers(command, flags);
  const config = valueOf("config", flags.config);
  if (command === "client") return { command, words, config };
  refuseMoreThan(command === "herd" ? 0 : 1, words, command);
  if (command === "ping") return { command, name: words[0], config };
  if (command === "init") return { command, kind: initKind(words[0]), config };
  if (command === "check") {
    if (words.length > 0 && config !== undefined) {
      throw new UsageError("check takes one configuration: FILE or --config FILE, not both");
    }
    return { command, config: words[0] ?? config };
  }
  const logDir = valueOf("log-dir", flags["log-dir"]) ?? "logs";
  const dataDir = valueOf("data-dir", flags["data-dir"]);
  const options = { config, logDir, dataDir, insecureLinks: flags["insecure-links"] };
  return command === "herd" ? { command, ...options } : { command, name: words[0], ...options };
}

function isCommand(word: string | undefined): word is CommandName {
  return word !== undefined && commandNames.includes(word);
}

function initKind(word: string | undefined): InitKind {
  const kind = initKinds.find((kind) => kind === word);
  if (kind !== undefined) return kind;
  const all = `init takes one of ${initKinds.join(", ")}`;
  throw new UsageError(word === undefined ? all : `${all}; not ${JSON.stringify(word)}`);
}

function refuseFlag(arg: string, key: string): never {
  const nearest = nearestName(key, flagNames);
  const hint = nearest === undefined ? "--help lists the flags" : `did you mean --${nearest}?`;
  throw new UsageError(`unknown flag ${JSON.stringify(arg)}; ${hint}`);
}

/** Refuses a flag that another command knows. */
function refuseFlagsOfOthers(command: CommandName, flags: Record<string, unknown>): void {
  const own: readonly string[] = flagsOf[command];
  for (const flag of flagsOf.serve) {
    const given = flags[flag] !== undefined && flags[flag] !== false;
    if (given && !own.includes(flag)) throw new UsageError(`${command} takes no --${flag}`);
  }
}

function refuseMoreThan(count: number, words: readonly string[], command: CommandName): void {
  const surplus = words[count];
  if (surplus === undefined) return;
  const [first = ""] = words;
  const misspelled = nearestName(first, commandNames);
  if (command === "serve" && misspelled !== undefined) {
    throw new UsageError(
      `unknown command ${JSON.stringify(first)}; ${nameHint(first, commandNames)}`,
    );
  }
  const most = count === 0 ? "no argument" : "one argument";
  throw new UsageError(`${command} takes ${most}; ${JSON.stringify(surplus)} is one too many`);
}

function valueOf(flag: string, value: string | undefined): string | undefined {
  if (value === "") throw new UsageError(`--${flag} needs a value, as in --${flag} PATH`);
  return value;
}
