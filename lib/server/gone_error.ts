/**
 * The error of a connection that cannot be read from or written to any more.
 *
 * @module
 */

/** The other side is gone, or this side closed the connection: nobody's fault, and nobody is told. */
export class GoneError extends Error {
  override readonly name = "GoneError";
}
