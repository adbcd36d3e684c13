/**
 * The commands and their flags: what help, the manual page and the completions of shells are made
 * from, and what the command line is checked against.
 *
 * @module
 */

/** A flag of the program. */
export interface Flag {
  /** What its value is called; absent: it has none. */
  readonly value?: string;
  /** What it does, in a line. */
  readonly what: string;
}

/** The flags by name; `help` and `version` are understood everywhere. */
export const flags = {
  config: { value: "FILE", what: "the herd's configuration" },
  "log-dir": { value: "DIR", what: "where the log goes (default: logs in the working directory)" },
  "data-dir": {
    value: "DIR",
    what: "keep records on disk, in DIR (default if durable: data, beside herd.json)",
  },
  bind: { value: "ADDRESS", what: "listen on this address, whatever herd.json says" },
  "insecure-links": { what: "accept links from other machines without a secret" },
  supervised: {
    what: "stop when standard input ends; exit with 3 when the address is taken",
  },
  report: { value: "ID", what: "an ID that may be reported, or a prefix with *; may be repeated" },
  read: { value: "ID", what: "an ID that may be asked about, or a prefix with *; may be repeated" },
  places: { what: "places may be asked for, near the IDs that may be read" },
  monitor: { what: "the herd's own state may be watched" },
  admin: { what: "everything is allowed" },
  days: { value: "N", what: "how many days it counts (default: 30)" },
  format: { value: "FORMAT", what: "at (default), ndjson or geojson" },
} as const satisfies Record<string, Flag>;

/** The name of a flag, without its hyphens. */
export type FlagName = keyof typeof flags;

/** What `init` prints, by kind. */
export const initKinds = {
  herd: "a herd.json to begin with, with comments",
  schema: "a JSON Schema of herd.json, for editors",
  systemd: "a unit that keeps servers running",
  docker: "a Dockerfile for a server",
  compose: "a compose.yaml for the whole herd",
  secret: "a new secret for a herd",
  completions: "completions for a shell: bash, zsh or fish",
  man: "the manual page",
} as const;

/** Something that `init` prints. */
export type InitKind = keyof typeof initKinds;

/** The shells that there are completions for. */
export const shells = ["bash", "zsh", "fish"] as const;

/** One of them. */
export type Shell = typeof shells[number];

/** How records are written. */
export const recordFormats = ["at", "ndjson", "geojson"] as const;

/** One of them. */
export type RecordFormat = typeof recordFormats[number];

/** What is known of a command. */
export interface Command {
  /** Its arguments, and what it does with them, in a line each. */
  readonly forms: readonly (readonly [args: string, what: string])[];
  /** How many arguments it takes at most. */
  readonly argumentCount: number;
  readonly flags: readonly FlagName[];
  /** What else there is to know: paragraphs of lines that fit a terminal. */
  readonly details: string;
}

const serveFlags = ["config", "log-dir", "data-dir", "insecure-links"] as const;

/** The commands by name. */
export const commands = {
  serve: {
    forms: [["NAME", "start the server NAME"]],
    argumentCount: 1,
    flags: [...serveFlags, "bind", "supervised"],
    details: `The word serve can be left out, unless the server has the name of a command.
On SIGINT or SIGTERM it stops when its clients have their answers; on SIGHUP it reads herd.json,
its certificates and the file of its secret again.`,
  },
  herd: {
    forms: [["", "start every server, each in a process of its own"]],
    argumentCount: 0,
    flags: serveFlags,
    details: `A server that dies is started again. One that runs already is left alone. SIGHUP goes
to all of them. The servers stop when herd does, however it ends.`,
  },
  client: {
    forms: [
      ["[NAME]", "talk to the server NAME, or to the first that answers"],
      ["[NAME] LINE…", "send these lines, print the answers, and exit"],
    ],
    argumentCount: Infinity,
    flags: ["config"],
    details:
      `Without a line, lines come from the keyboard or a pipe. In a line, "now" as the time of
an IAMAT stands for the current time. On a terminal, help and quit are understood, and what a server
refuses is explained.
Exit status: 1 if a server refused a line, 2 if none answered.`,
  },
  ping: {
    forms: [["NAME", "exit with 0 if the server NAME answers, else with 1"]],
    argumentCount: 1,
    flags: ["config"],
    details: "For health checks.",
  },
  check: {
    forms: [["[FILE]", "check a configuration and describe its herd"]],
    argumentCount: 1,
    flags: ["config"],
    details:
      `Each mistake is a line of its own: what is wrong in herd.json, and in the files that it
names. What the environment lacks, or another machine may have, is a warning.`,
  },
  export: {
    forms: [["NAME", "print every record that the server NAME has on disk"]],
    argumentCount: 1,
    flags: ["config", "data-dir", "format"],
    details:
      `Reads the server's data file, while it runs or not, and changes nothing. The formats are AT
lines (at), a JSON object a line (ndjson) and a collection of points (geojson). Clients that were
deleted are left out.`,
  },
  import: {
    forms: [[
      "NAME [FILE]",
      "report every record of FILE, or of a pipe, to the server NAME",
    ]],
    argumentCount: 2,
    flags: ["config"],
    details:
      `FILE is in any format of export. Each record is sent as an IAMAT with its own location and
time, so none replaces a newer one, however often it is imported.`,
  },
  forget: {
    forms: [["ID", "have the whole herd delete the client ID"]],
    argumentCount: 1,
    flags: ["config"],
    details:
      `It proves itself with HERD_SECRET; without a secret only servers on this machine do it.
A report that is later brings the client back. Lines about it stay in logs until those go.
Exit status: 1 if there is no such client, 2 if no server deletes it.`,
  },
  token: {
    forms: [["NAME", "print a token for NAME, to be shown by AUTH TOKEN"]],
    argumentCount: 1,
    flags: ["report", "read", "places", "monitor", "admin", "days"],
    details:
      `For herds with "clients": "token". It is signed with HERD_SECRET, so that every server can
check it. The token goes to standard output, what it allows and how to revoke it to standard error.`,
  },
  init: {
    forms: Object.entries(initKinds).map(([kind, what]) =>
      [kind === "completions" ? "completions SHELL" : kind, `print ${what}`] as const
    ),
    argumentCount: 2,
    flags: ["config"],
    details: `systemd, docker, compose, completions and man begin with how they are used.`,
  },
  help: {
    forms: [["[COMMAND]", "tell what a command does"]],
    argumentCount: 1,
    flags: [],
    details: "",
  },
  version: { forms: [["", "print the version"]], argumentCount: 0, flags: [], details: "" },
} as const satisfies Record<string, Command>;

/** The name of a command. */
export type CommandName = keyof typeof commands;

/** @returns what is known of a command, whichever it is */
export function commandNamed(name: CommandName): Command {
  return commands[name];
}

/** @returns whether a word is the name of a command */
export function isCommandName(word: string | undefined): word is CommandName {
  return word !== undefined && Object.hasOwn(commands, word);
}
