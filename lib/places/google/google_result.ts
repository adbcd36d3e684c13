/**
 * A place of Places API (New) in the shape of the legacy API, field by field (Google: "Migrate to
 * Nearby Search (New)").
 *
 * @module
 */

import type { Result } from "../answer.ts";
import { isObject, listOf, member, numberOf, textOf } from "../untrusted.ts";

/**
 * Maps one place, of the fields that are asked for. What the place does not have, the result does
 * not have either.
 *
 * `photos` keeps the first, as the legacy API does; its `photo_reference` is the name by which
 * Places API (New) gives the photo out. `icon` is the mask's address with its extension,
 * since the new API has no other.
 *
 * @param place one of the new API's `places`
 * @returns one of the legacy API's `results`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const result = legacyResult({ id: "ChIJ1", displayName: { text: "Royce Hall" } });
 * assertEquals(result.name, "Royce Hall");
 * assertEquals(result.place_id, "ChIJ1");
 * ```
 */
export function legacyResult(place: unknown): Result {
  const mask = textOf(member(place, "iconMaskBaseUri"));
  const id = textOf(member(place, "id"));
  return {
    business_status: known(member(place, "businessStatus")),
    geometry: geometry(place),
    icon: mask && `${mask}.png`,
    icon_background_color: textOf(member(place, "iconBackgroundColor")),
    icon_mask_base_uri: mask,
    name: textOf(member(place, "displayName", "text")),
    photos: photos(place),
    place_id: id,
    plus_code: plusCode(place),
    reference: id,
    scope: "GOOGLE",
    types: listOf(member(place, "types")).filter((type) => typeof type === "string"),
    vicinity: textOf(member(place, "shortFormattedAddress")) ??
      textOf(member(place, "formattedAddress")),
  };
}

/**
 * What is to be shown with places, as the legacy API has it: HTML, each once.
 *
 * @param places the new API's `places`
 * @returns the legacy API's `html_attributions`
 */
export function htmlAttributions(places: readonly unknown[]): string[] {
  const anchors = places
    .flatMap((place) => listOf(member(place, "attributions")))
    .map((attribution) =>
      anchor(member(attribution, "provider"), member(attribution, "providerUri"))
    )
    .filter((html) => html !== undefined);
  return [...new Set(anchors)];
}

function geometry(place: unknown): Result | undefined {
  const location = position(member(place, "location"));
  const northeast = position(member(place, "viewport", "high"));
  const southwest = position(member(place, "viewport", "low"));
  const viewport = northeast && southwest ? { northeast, southwest } : undefined;
  return location || viewport ? { location, viewport } : undefined;
}

/** The new API leaves a coordinate out that is 0, as protocol buffers do. */
function position(point: unknown): Result | undefined {
  if (!isObject(point)) return undefined;
  return {
    lat: numberOf(member(point, "latitude")) ?? 0,
    lng: numberOf(member(point, "longitude")) ?? 0,
  };
}

function photos(place: unknown): Result[] | undefined {
  const [photo] = listOf(member(place, "photos"));
  if (!isObject(photo)) return undefined;
  const authors = listOf(member(photo, "authorAttributions"))
    .map((author) => anchor(member(author, "displayName"), member(author, "uri")))
    .filter((html) => html !== undefined);
  return [{
    height: numberOf(member(photo, "heightPx")),
    html_attributions: authors,
    photo_reference: textOf(member(photo, "name")),
    width: numberOf(member(photo, "widthPx")),
  }];
}

function plusCode(place: unknown): Result | undefined {
  const code = member(place, "plusCode");
  if (!isObject(code)) return undefined;
  return {
    compound_code: textOf(member(code, "compoundCode")),
    global_code: textOf(member(code, "globalCode")),
  };
}

/** A word, unless it is the one that says that nothing is known. */
function known(word: unknown): string | undefined {
  const text = textOf(word);
  return text?.endsWith("_UNSPECIFIED") ? undefined : text;
}

function anchor(label: unknown, address: unknown): string | undefined {
  const text = textOf(label);
  if (text === undefined) return undefined;
  const href = textOf(address);
  return href === undefined
    ? escapeHtml(text)
    : `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
