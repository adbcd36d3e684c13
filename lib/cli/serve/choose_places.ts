/**
 * Chooses the source of places by what the operator configured.
 *
 * @module
 */

import { placesPerDay, placesPerMinute } from "../../limits.ts";
import { ApiKey, PlacesConfigurationError } from "../../places/google/api_key.ts";
import type { GoogleContext } from "../../places/google/google_places.ts";
import {
  loadGazetteer,
  loadingGazetteer,
  type LoadingPlaces,
} from "../../places/gazetteer/gazetteer.ts";
import type { PlacesFile } from "../../places/gazetteer/gazetteer_file.ts";
import { Budget } from "../../places/google/budget.ts";
import { google } from "../../places/google/google.ts";
import { googleLegacy } from "../../places/google/google_legacy.ts";
import type { Places } from "../../places/places.ts";

/** The operator's wishes, and what a provider needs. */
export interface PlacesOptions extends Omit<GoogleContext, "budget"> {
  /** When absent: `google` with a key, `gazetteer` without. */
  readonly provider?: "google" | "google-legacy" | "gazetteer" | undefined;
  /** Replaces the whole URL of a Google provider. */
  readonly endpoint?: string | undefined;
  /** Calls to Google in any minute; {@linkcode placesPerMinute} when absent. */
  readonly perMinute?: number | undefined;
  /** Calls to Google in any 24 hours; {@linkcode placesPerDay} when absent. */
  readonly perDay?: number | undefined;
  readonly clock: GoogleContext["clock"] & PlacesFile["clock"];
  /** The gazetteer's data; what comes with the server when absent. */
  readonly file?: string | undefined;
  /** The key to Google Places; white space around it is ignored, an empty one is none. */
  readonly key?: string | undefined;
}

/**
 * Chooses a provider, and begins to load the gazetteer where that is the one.
 *
 * @param options the operator's wishes, and what a provider needs
 * @returns the source. It can be asked at once; the gazetteer's `ready` rejects with
 * `PlacesFileError` when its file cannot be used
 * @throws {PlacesConfigurationError} when a Google provider has no key, when the key cannot be one,
 * or when the endpoint is no URL
 */
export function choosePlaces(options: PlacesOptions): LoadingPlaces {
  const hasKey = options.key !== undefined && options.key.trim() !== "";
  const provider = options.provider ?? (hasKey ? "google" : "gazetteer");
  if (provider === "gazetteer") {
    const { file: path, clock } = options;
    return loadingGazetteer(loadGazetteer(path === undefined ? undefined : { path, clock }));
  }
  if (!hasKey) {
    throw new PlacesConfigurationError(
      `places.provider: "${provider}": needs a key in GOOGLE_PLACES_API_KEY; ` +
        `"gazetteer" works without one`,
    );
  }
  checkEndpoint(options.endpoint);
  const key = new ApiKey(options.key ?? "");
  const { perMinute = placesPerMinute, perDay = placesPerDay, clock } = options;
  const context = { ...options, budget: new Budget({ perMinute, perDay, clock }) };
  return loaded(provider === "google" ? google(key, context) : googleLegacy(key, context));
}

function checkEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  const url = URL.parse(endpoint);
  if (url?.protocol === "https:" || url?.protocol === "http:") return;
  throw new PlacesConfigurationError(
    `places.endpoint: ${JSON.stringify(endpoint)}: must be an http or https URL`,
  );
}

function loaded(places: Places): LoadingPlaces {
  return {
    provider: places.provider,
    ...(places.calls && { calls: places.calls }),
    ready: Promise.resolve(),
    ask: (question) => places.ask(question),
  };
}
