/**
 * What the program says about itself, and how it complains of its arguments.
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
       herd-server herd                  start every server, each a process of its own
       herd-server client [NAME]         talk to the server NAME, or to whichever answers first
       herd-server client [NAME] LINE…   send these lines, print the answers, and end
       herd-server ping NAME             does the server NAME answer? exit status 0 when it does
       herd-server check [FILE]          check a configuration and describe its herd
       herd-server init systemd          print a unit that keeps servers running
       herd-server init docker           print a Dockerfile of a server
       herd-server init compose          print a compose.yaml of the whole herd
       herd-server init secret           print a new secret for a herd

From source "deno task herd-server" stands for herd-server; there are deno task serve, herd, client
and check-config, too.
A server whose name is one of these commands is started with "serve NAME".

Flags:
  --config FILE      the herd's configuration (default: herd.json in this directory, else beside
                     the executable, else the one that is built in)
  --log-dir DIR      where a server keeps its log (serve, herd; default: logs)
  --data-dir DIR     keep records on disk, in this directory (serve, herd)
  --insecure-links   accept links from other machines without a secret (serve, herd)
  -h, --help         print this
  -V, --version      print the version

SIGHUP has a server, or every server of a herd, read herd.json, its certificates and the file of
its secret again.
In a client's line, "now" as the time of an IAMAT stands for the current time.

Environment:
  HERD_SECRET             the same for every server, 16 bytes or more; each proves to its neighbours
                          that it has it
  GOOGLE_PLACES_API_KEY   asks Google for places instead of the gazetteer
  HERD_SECRET_FILE, GOOGLE_PLACES_API_KEY_FILE
                          name files that hold them; of two secrets of a herd, a line each, the
                          first is proven with and either is taken
  NO_COLOR                no colours on a terminal

Exit status: 0 when all went well; 1 when something failed, or a server refused the client's line;
2 when arguments or configuration are wrong, or no server answers the client.
`;
