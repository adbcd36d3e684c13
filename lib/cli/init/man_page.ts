/**
 * The manual page, in the man macros of roff.
 *
 * @module
 */

import { type CommandName, commandNamed, commands, type Flag, flags } from "../commands.ts";

const names = Object.keys(commands) as CommandName[];

/**
 * @param version the program's
 * @returns the page, for `man -l` or a directory of `man1`
 */
export function manPage(version: string): string {
  return [
    `.\\" herd-server init man | sudo tee /usr/local/share/man/man1/herd-server.1`,
    `.TH HERD-SERVER 1 "" "herd ${version}"`,
    ".SH NAME",
    "herd-server \\- a server herd for live locations",
    ".SH SYNOPSIS",
    ...names.flatMap((name) =>
      commandNamed(name).forms.flatMap(([args]) => [
        `.B herd-server ${name}`,
        ...(args === "" ? [] : [`.I ${escaped(args)}`]),
        ".br",
      ])
    ),
    ".SH DESCRIPTION",
    "A herd is a handful of TCP servers that each know the latest location of every client. A",
    "client tells any one server where it is; the servers flood that report to each other, and any",
    "of them can say what is near any client.",
    ".PP",
    "A word that is no command is the name of a server to start.",
    ".SH COMMANDS",
    ...names.flatMap(commandSection),
    ".SH OPTIONS",
    ...Object.entries(flags).flatMap(([name, { value, what }]: [string, Flag]) => [
      ".TP",
      `.B \\-\\-${escaped(name)}${value === undefined ? "" : ` \\fI${value}\\fR`}`,
      text(what),
    ]),
    ".TP",
    ".B \\-h, \\-\\-help",
    "print help, also of a command",
    ".TP",
    ".B \\-V, \\-\\-version",
    "print the version",
    ...environment,
    "",
  ].join("\n");
}

const environment = [
  ".SH ENVIRONMENT",
  ".TP",
  ".B HERD_SECRET",
  "the same for every server; each proves to its neighbours that it knows it",
  ".TP",
  ".B GOOGLE_PLACES_API_KEY",
  "get places from Google instead of the gazetteer",
  ".TP",
  ".B HERD_TOKEN",
  "what client and import show to servers that want a token",
  ".TP",
  ".B HERD_SECRET_FILE, GOOGLE_PLACES_API_KEY_FILE, HERD_TOKEN_FILE",
  "name files that hold them",
  ".TP",
  ".B NO_COLOR",
  "no colours on a terminal",
  ".SH FILES",
  ".TP",
  ".I herd.json",
  "the herd: looked for in the working directory, beside the executable, then inside it",
  ".TP",
  ".I data/NAME.db, logs/NAME.log",
  "the records and the log of a server",
  ".SH EXIT STATUS",
  "0 on success; 1 if something failed, or a server refused a line of the client; 2 if arguments or",
  "configuration are wrong, or no server answers the client.",
];

function commandSection(name: CommandName): string[] {
  const { forms, details } = commandNamed(name);
  return [
    ...forms.flatMap(([args, what]) => [
      ".TP",
      `.B ${name}${args === "" ? "" : ` \\fI${escaped(args)}\\fR`}`,
      text(what),
    ]),
    ...(details === "" ? [] : [".br", ...details.split("\n").map(text)]),
  ];
}

/** A line of text; one that begins with a dot or a quote would be a request. */
function text(line: string): string {
  return escaped(line).replace(/^(?=[.'])/, "\\&");
}

function escaped(line: string): string {
  return line.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "\\&...");
}
