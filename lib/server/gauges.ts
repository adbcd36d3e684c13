/**
 * What a server counts about its edge, in one place: who is connected, who was dropped and why.
 *
 * @module
 */

/** Why a server closed a connection of its own accord. */
export type DropReason =
  /** All connections were taken, or all of the system's files: it made room for another. */
  | "full"
  /** It said no command for too long after it was made. */
  | "silent"
  /** It said commands once, and none for too long. */
  | "idle"
  /** It does not read its answers. */
  | "unread"
  /** Its line was too long, or longer than the memory for unfinished lines has room for. */
  | "endless"
  /** It speaks HTTP. */
  | "HTTP"
  /** Its lines are beyond what its token allows, or it has none. */
  | "denied";

/** The counters of one server. Counts only grow; how many there are now is asked elsewhere. */
export class Gauges {
  /** Connections that were taken in. */
  accepted = 0;
  /** How often the system had no file for a connection, and none could be dropped for it. */
  unaccepted = 0;
  /** Reports that were refused since their time is too far ahead. */
  ahead = 0;
  /** Connections that were dropped. */
  readonly dropped: Record<DropReason, number> = {
    full: 0,
    silent: 0,
    idle: 0,
    unread: 0,
    endless: 0,
    HTTP: 0,
    denied: 0,
  };
}
