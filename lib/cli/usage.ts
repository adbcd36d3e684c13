/**
 * The help text, and the error of wrong arguments.
 *
 * @module
 */

/** Wrong arguments: the message is one line, and the exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `--help` prints. */
export const usage = `A server herd for live locations.

Usage: herd-server [serve] NAME          start the server NAME
       herd-server herd                  start every server, each in a process of its own
       herd-server client [NAME]         talk to the server NAME, or to the first that answers
       herd-server client [NAME] LINE…   send these lines, print the answers, and exit
       herd-server ping NAME             exit with 0 if the server NAME answers, else with 1
       herd-server check [FILE]          check a configuration and describe its herd
       herd-server init systemd          print a unit that keeps servers running
       herd-server init docker           print a Dockerfile for a server
       herd-server init compose          print a compose.yaml for the whole herd
       herd-server init secret           print a new secret for a herd

From source, use "deno task herd-server" in place of herd-server, or the shorter deno task serve,
herd, client and check-config. A server that has the name of a command is started with "serve NAME".

Flags:
  --config FILE      the herd's configuration (default: herd.json in this directory, else beside
                     the executable, else the one that is built in)
  --log-dir DIR      where a server keeps its log (serve, herd; default: logs)
  --data-dir DIR     keep records on disk, in this directory (serve, herd)
  --insecure-links   accept links from other machines without a secret (serve, herd)
  -h, --help         print this help
  -V, --version      print the version

On SIGHUP a server, or every server of a herd, reads herd.json, its certificates and the file of
its secret again.
In a client's line, "now" as the time of an IAMAT stands for the current time.

Environment:
  HERD_SECRET             the same for every server, 16 bytes or more; each proves to its neighbours
                          that it knows it
  GOOGLE_PLACES_API_KEY   get places from Google instead of the gazetteer
  HERD_SECRET_FILE, GOOGLE_PLACES_API_KEY_FILE
                          name files that hold them; of two secrets of a herd, a line each, the
                          first is proven with and either is taken
  NO_COLOR                no colours on a terminal

Exit status: 0 on success; 1 if something failed, or a server refused a line of the client; 2 if
arguments or configuration are wrong, or no server answers the client.
`;
