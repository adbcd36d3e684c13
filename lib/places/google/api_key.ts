/**
 * The key to Google Places, which must not be in any log or answer.
 *
 * @module
 */

import { ConfigurationError } from "../../topology/configuration_error.ts";

/** The operator's settings for places cannot work; the message is one line that says what would. */
export class PlacesConfigurationError extends ConfigurationError {
  override readonly name = "PlacesConfigurationError";
}

/**
 * A key. Printing, inspecting or serialising one shows no part of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const key = new ApiKey(" AIza-secret\n");
 * assertEquals(key.reveal(), "AIza-secret");
 * assertEquals(key.redact("bad key AIza-secret"), "bad key [key]");
 * assertEquals(`${key}`, "[key]");
 * ```
 */
export class ApiKey {
  readonly #key: string;
  readonly #anySpelling: RegExp;

  /**
   * @param text the key as the operator gave it; white space around it is ignored
   * @throws {PlacesConfigurationError} when it is empty, or has a character that no key has; the
   * message does not quote it
   */
  constructor(text: string) {
    const key = text.trim();
    if (key === "") throw new PlacesConfigurationError("the key to Google Places is empty");
    const at = [...key].findIndex((character) => !/^[!-~]$/.test(character));
    if (at >= 0) {
      throw new PlacesConfigurationError(
        `the key to Google Places (GOOGLE_PLACES_API_KEY) has a space, a line end or a ` +
          `character outside ASCII as its character ${at + 1}: it must be one printable word`,
      );
    }
    this.#key = key;
    this.#anySpelling = new RegExp([...key].map(spellings).join(""), "g");
  }

  /**
   * The key itself: for the request, and for nothing else.
   *
   * @returns the key
   */
  reveal(): string {
    return this.#key;
  }

  /**
   * Takes the key out of a text, however it is spelled: plain, percent-encoded (also more than
   * once), or with JSON's escapes.
   *
   * @param text what somebody else wrote
   * @returns the text with `[key]` in each place where the key was
   */
  redact(text: string): string {
    return text.replace(this.#anySpelling, "[key]");
  }

  /** @returns `[key]`, as in a template string */
  toString(): string {
    return "[key]";
  }

  /** @returns `[key]` */
  toJSON(): string {
    return "[key]";
  }
}

/** A pattern for one character of the key as itself, `\/`, `%XX`, `%25XX`… or `\u00XX`. */
function spellings(character: string): string {
  const hex = character.charCodeAt(0).toString(16).padStart(2, "0");
  const anyCase = hex.replace(/[a-f]/, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const escaped = '"\\/'.includes(character) ? "\\\\?" : "";
  return `(?:${escaped}\\x${hex}|%(?:25)*${anyCase}|\\\\u00${anyCase})`;
}
