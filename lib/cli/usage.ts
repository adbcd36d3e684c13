/**
 * The help texts, and the error of wrong arguments.
 *
 * @module
 */

import {
  type CommandName,
  commandNamed,
  commands,
  type Flag,
  type FlagName,
  flags,
} from "./commands.ts";

/** Wrong arguments: the message is one line, and the exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Where the second column of the help begins. */
const formWidth = 34, flagWidth = 18;

/** What `--help` prints. */
export const usage = `A server herd for live locations.

Usage:
${(Object.keys(commands) as CommandName[]).flatMap(formLines).join("\n")}

A word that is no command is the name of a server to start. From source, use "deno task herd-server"
in place of herd-server, or the shorter deno task serve, herd, client and check-config.

"herd-server help COMMAND" tells more, with the flags of the command. These are of serve and herd,
the first of every command:
${flagLines(commands.herd.flags)}

Without --config, herd.json is looked for in the working directory, then beside the executable, then
inside it. On SIGHUP a server, or every server of a herd, reads herd.json, its certificates and the
file of its secret again.

Environment:
  HERD_SECRET             the same for every server, 16 bytes or more; each proves to its neighbours
                          that it knows it
  GOOGLE_PLACES_API_KEY   get places from Google instead of the gazetteer
  HERD_TOKEN              what client and import show to servers that want a token
  HERD_SECRET_FILE, GOOGLE_PLACES_API_KEY_FILE, HERD_TOKEN_FILE
                          name files that hold them; of two secrets of a herd, a line each, the
                          first is proven with and either is taken
  NO_COLOR                no colours on a terminal

Exit status: 0 on success; 1 if something failed, or a server refused a line of the client; 2 if
arguments or configuration are wrong, or no server answers the client.
`;

/**
 * @param command a command
 * @returns what `--help` prints after its name
 */
export function usageOf(command: CommandName): string {
  const { details, flags: own } = commandNamed(command);
  return `Usage:
${formLines(command).join("\n")}
${details === "" ? "" : `\n${details}\n`}
Flags:
${flagLines(own)}
`;
}

/**
 * @param name a flag
 * @returns the flag as it is written, with the name of its value: `--config FILE`
 */
export function flagForm(name: FlagName): string {
  const { value }: Flag = flags[name];
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function formLines(command: CommandName): string[] {
  return commandNamed(command).forms.map(([args, what]) =>
    column(`herd-server ${command}${args === "" ? "" : ` ${args}`}`, what, formWidth)
  );
}

function flagLines(names: readonly FlagName[]): string {
  return [
    ...names.map((name) => column(flagForm(name), flags[name].what, flagWidth)),
    column("-h, --help", "print help, also of a command", flagWidth),
    column("-V, --version", "print the version", flagWidth),
  ].join("\n");
}

/** A line of two columns; a first that is too long has a line of its own. */
function column(first: string, second: string, width: number): string {
  return first.length < width
    ? `  ${first.padEnd(width)}${second}`
    : `  ${first}\n  ${"".padEnd(width)}${second}`;
}
