/**
 * The error of a configuration that cannot be used.
 *
 * @module
 */

/**
 * Something that an operator configured cannot be used. The message is all that they need: it names
 * the file or setting, the value, and what would be right.
 */
export class ConfigurationError extends Error {
  override readonly name: string = "ConfigurationError";
}
