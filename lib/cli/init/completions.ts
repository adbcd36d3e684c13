/**
 * Completions for shells: commands, flags, and the names of the servers in herd.json.
 *
 * @module
 */

import {
  type CommandName,
  commandNamed,
  commands,
  type Flag,
  flags,
  initKinds,
  recordFormats,
  type Shell,
  shells,
} from "../commands.ts";

const names = Object.keys(commands) as CommandName[];

/** Commands whose first argument is a server's name. */
const ofServers: readonly CommandName[] = ["serve", "client", "ping", "export", "import"];

/** Prints the names of the servers, a line each: the rows of what `check` prints. */
const serverNames =
  `herd-server check 2>/dev/null | awk '/^server /{on=1;next} !NF{on=0} on{print $1}'`;

/**
 * @param shell which one
 * @returns a script for it
 */
export function completions(shell: Shell): string {
  return { bash, zsh, fish }[shell]();
}

function bash(): string {
  const flagCases = names.map((name) => `    ${name}) flags="${longFlags(name).join(" ")}" ;;`);
  return `# Completions for bash: herd-server init completions bash > \\
#   ~/.local/share/bash-completion/completions/herd-server
_herd_server() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="\${COMP_WORDS[1]}" flags="--help --version"
  case "$before" in
    --config|--log-dir|--data-dir) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --format) COMPREPLY=($(compgen -W "${recordFormats.join(" ")}" -- "$word")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names.join(" ")} $(_herd_server_names)" -- "$word"))
    return
  fi
  case "$command" in
${flagCases.join("\n")}
  esac
  case "$command:$COMP_CWORD:$word" in
    *:-*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;
    ${ofServers.map((name) => `${name}:2:*`).join("|")})
      COMPREPLY=($(compgen -W "$(_herd_server_names)" -- "$word")) ;;
    help:2:*) COMPREPLY=($(compgen -W "${names.join(" ")}" -- "$word")) ;;
    init:2:*) COMPREPLY=($(compgen -W "${Object.keys(initKinds).join(" ")}" -- "$word")) ;;
    init:3:*)
      [ "$before" = completions ] && COMPREPLY=($(compgen -W "${shells.join(" ")}" -- "$word")) ;;
    check:*|import:3:*) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
_herd_server_names() {
  ${serverNames}
}
complete -F _herd_server herd-server
`;
}

function zsh(): string {
  const described = names.map((name) => `    ${quoted(`${name}:${firstWhat(name)}`)}`);
  const kinds = Object.entries(initKinds).map(([kind, what]) => quoted(`${kind}:${what}`));
  return `#compdef herd-server
# Completions for zsh: herd-server init completions zsh > DIR/_herd-server, DIR being in $fpath
_herd_server_names() {
  local -a servers
  servers=(\${(f)"$(${serverNames})"})
  compadd -a servers
}
_herd_server() {
  local -a commands kinds
  commands=(
${described.join("\n")}
  )
  kinds=(${kinds.join(" ")})
  case $words[CURRENT-1] in
    --config|--log-dir|--data-dir) _files; return ;;
    --format) compadd ${recordFormats.join(" ")}; return ;;
  esac
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    _herd_server_names
    return
  fi
  if [[ $words[CURRENT] == -* ]]; then
    case $words[2] in
${names.map((name) => `      ${name}) compadd -- ${longFlags(name).join(" ")} ;;`).join("\n")}
      *) compadd -- ${longFlags("serve").join(" ")} ;;
    esac
    return
  fi
  case $words[2]:$CURRENT in
    ${ofServers.map((name) => `${name}:3`).join("|")}) _herd_server_names ;;
    help:3) _describe -t commands command commands ;;
    init:3) _describe -t kinds kind kinds ;;
    init:4) compadd ${shells.join(" ")} ;;
    check:*|import:4) _files ;;
  esac
}
_herd_server "$@"
`;
}

function fish(): string {
  const first = "__fish_use_subcommand";
  const seen = (...words: readonly string[]) => `'__fish_seen_subcommand_from ${words.join(" ")}'`;
  const line = (condition: string, rest: string) =>
    `complete -c herd-server -n ${condition} ${rest}`;
  return `# Completions for fish: herd-server init completions fish > \\
#   ~/.config/fish/completions/herd-server.fish
function __herd_server_names
  ${serverNames.replaceAll("$1", "$1")}
end
complete -c herd-server -f
${names.map((name) => line(first, `-a ${name} -d ${quoted(firstWhat(name))}`)).join("\n")}
${line(first, "-a '(__herd_server_names)' -d server")}
${line(seen(...ofServers), "-a '(__herd_server_names)' -d server")}
${line(seen("help"), `-a '${names.join(" ")}'`)}
${
    Object.entries(initKinds).map(([kind, what]) =>
      line(seen("init"), `-a ${kind} -d ${quoted(what)}`)
    ).join("\n")
  }
${line(seen("completions"), `-a '${shells.join(" ")}'`)}
${line(seen("check", "import"), "-F")}
${
    names.flatMap((name) =>
      commandNamed(name).flags.map((flag) => {
        const { value, what }: Flag = flags[flag];
        const values = flag === "format" ? ` -x -a '${recordFormats.join(" ")}'` : " -r -F";
        const takes = value === undefined ? "" : values;
        return line(seen(name), `-l ${flag}${takes} -d ${quoted(what)}`);
      })
    ).join("\n")
  }
complete -c herd-server -l help -s h -d 'print help, also of a command'
complete -c herd-server -l version -s V -d 'print the version'
`;
}

function longFlags(name: CommandName): string[] {
  return [...commandNamed(name).flags, "help", "version"].map((flag) => `--${flag}`);
}

function firstWhat(name: CommandName): string {
  return name === "init" ? "print a file to begin with" : commandNamed(name).forms[0]?.[1] ?? "";
}

/** A word for any of the three shells. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "’")}'`;
}
