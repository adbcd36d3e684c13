/**
 * The floors of `lib/`, and what follows from them: an import goes down, never up or sideways.
 *
 * @module
 */

import type { Finding, SourceFile } from "./source_file.ts";

/**
 * From the top of the house to its ground. A file belongs to the room with the longest name that
 * its path begins with; rooms of one floor know nothing of each other.
 */
export const floors: readonly (readonly string[])[] = [
  ["main.ts"],
  [
    "lib/cli/serve/",
    "lib/cli/supervise/",
    "lib/cli/client/",
    "lib/cli/operate/",
    "lib/cli/init/",
    "lib/cli/check/",
  ],
  ["lib/cli/"],
  ["lib/server/"],
  ["lib/store/", "lib/links/", "lib/gateway/", "lib/jetstream/"],
  ["lib/locations/"],
  ["lib/access/"],
  ["lib/places/google/", "lib/places/gazetteer/"],
  ["lib/places/"],
  ["lib/protocol/"],
  ["lib/log/"],
  ["lib/topology/"],
  ["lib/pacing/"],
  ["lib/transport/"],
  ["lib/std/"],
  ["lib/limits.ts", "lib/block.ts"],
];

/** Rooms that `lib/server/` is handed, through interfaces of its own, and does not know. */
const handedToServer = ["lib/links/", "lib/gateway/", "lib/jetstream/"];

/** The room through which all above it reach sockets, the clock and chance. */
const seam = "lib/transport/";

const rooms = floors.flatMap((names, floor) => names.map((name) => ({ name, floor })))
  .sort((one, other) => other.name.length - one.name.length);

/** @returns the room of a file, with its floor counted from the top; undefined where it has none */
export function roomOf(path: string): { name: string; floor: number } | undefined {
  return rooms.find(({ name }) => path.startsWith(name));
}

/** An import of a file of this project. */
export interface Edge extends Finding {
  readonly from: string;
  readonly to: string;
}

/** @returns every import of one file of the project by another; data and packages are none */
export function edgesOf(files: readonly SourceFile[]): Edge[] {
  return files.flatMap(({ path: from, imports }) =>
    imports
      .filter(({ text }) => text.startsWith(".") && text.endsWith(".ts"))
      .map(({ line, text }) => {
        const to = new URL(text, `file:///${from}`).pathname.slice(1);
        return { from, to, line, text: `${from}:${line} imports ${to}` };
      })
  );
}

/** @returns what is wrong with an import, null where it goes down or stays in its room */
export function wrongWith({ from, to, text }: Edge): string | null {
  const [above, below] = [roomOf(from), roomOf(to)];
  if (above === undefined) return `${from} is on no floor`;
  if (below === undefined) return `${text}, which is on no floor`;
  if (above.name === below.name) return null;
  if (above.floor > below.floor) return `${text}: up, from ${above.name} to ${below.name}`;
  const isHanded = above.name === "lib/server/" && handedToServer.includes(below.name);
  if (above.floor < below.floor && !isHanded) return null;
  return `${text}: ${above.name} and ${below.name} know nothing of each other`;
}

/** @returns what reaches past the seam of {@linkcode SourceFile}s above it */
export function pastTheSeam(files: readonly SourceFile[]): string[] {
  const seamFloor = roomOf(seam)!.floor;
  return files
    .filter(({ path }) => (roomOf(path)?.floor ?? 0) < seamFloor)
    .flatMap(({ path, world }) => world.map(({ line, text }) => `${path}:${line} uses ${text}`));
}

/** @returns the first circle of files, each importing the next; empty when there is none */
export function circleIn(edges: readonly Edge[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) targets.set(from, [...targets.get(from) ?? [], to]);
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): string[] => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (done.has(path)) return [];
    for (const next of targets.get(path) ?? []) {
      const circle = walk(next, [...way, path]);
      if (circle.length > 0) return circle;
    }
    done.add(path);
    return [];
  };
  for (const path of targets.keys()) {
    const circle = walk(path, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
