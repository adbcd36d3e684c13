/**
 * Places that the server knows by itself: the set that comes with it, or the operator's file.
 *
 * @module
 */

import { Block } from "../../block.ts";
import { noPlaces, troubleAnswer } from "../answer.ts";
import type { Answer, AnswerAtHand, Places, Question } from "../places.ts";
import { type PlacesFile, readPlacesFile } from "./gazetteer_file.ts";
import { placeOfFeature } from "./geojson_feature.ts";
import { PlaceTable } from "./place_table.ts";
import { Results } from "./results.ts";

/** A source of places that may still be loading. It can be asked at once. */
export interface LoadingPlaces extends Places {
  /** Resolves when it has loaded, rejects when it cannot. Nobody has to wait for it. */
  readonly ready: Promise<void>;
}

/** Answers from a table. The nearest places come first, by great-circle distance. */
export class Gazetteer implements Places {
  readonly provider = "gazetteer";
  readonly #table: PlaceTable;
  readonly #results: Results;

  /** @param table the places, indexed */
  constructor(table: PlaceTable) {
    this.#table = table;
    this.#results = new Results(table);
  }

  /** How many places it knows. */
  get size(): number {
    return this.#table.size;
  }

  /**
   * The places within the radius, its rim included. Each has `geometry.location`, `name`,
   * `place_id` (ours: {@linkcode placeId}), `types` and `vicinity`.
   */
  answerAtOnce({ latitude, longitude, radiusM, bound }: Question): AnswerAtHand {
    const circle = { latitude, longitude, radiusKm: radiusM / 1000 };
    const count = this.#table.findNearest(circle, bound);
    return count === 0 ? noPlaces : this.#results.of(count);
  }

  /** The same for whoever waited until the gazetteer was loaded. */
  ask(question: Question): Promise<Answer> {
    const answer = this.answerAtOnce(question);
    const text = new Block(answer.bytes);
    answer.writeTo(text, 0);
    const count = answer === noPlaces ? 0 : this.#results.count;
    return Promise.resolve({
      status: count === 0 ? "ZERO_RESULTS" : "OK",
      count,
      json: text.bytes,
    });
  }
}

/**
 * Loads the gazetteer.
 *
 * @param file the operator's, GeoJSON or a GeoNames dump; the set that comes with the server when
 * absent
 * @throws {PlacesFileError} when the file cannot be used
 */
export async function loadGazetteer(file?: PlacesFile): Promise<Gazetteer> {
  return new Gazetteer(file ? await readPlacesFile(file) : await builtIn());
}

/**
 * A gazetteer that can be asked while it loads: questions wait for it. When it cannot be loaded,
 * they are answered with trouble.
 *
 * @param loading the gazetteer that is loading
 */
export function loadingGazetteer(loading: Promise<Gazetteer>): LoadingPlaces {
  let loaded: Gazetteer | null = null;
  const ready = loading.then((gazetteer) => void (loaded = gazetteer));
  // Without this, trouble that nobody awaits would end the process; questions are told of it.
  ready.catch(() => {});
  return {
    provider: "gazetteer",
    ready,
    answerAtOnce: (question) => loaded === null ? null : loaded.answerAtOnce(question),
    ask: async (question) => {
      try {
        return await (await loading).ask(question);
      } catch (error) {
        const trouble = error instanceof Error ? error.message : String(error);
        return troubleAnswer("UNKNOWN_ERROR", { message: "The gazetteer did not load.", trouble });
      }
    },
  };
}

async function builtIn(): Promise<PlaceTable> {
  // Imported only when needed; as a part of the program it needs no permission to read.
  const { default: collection } = await import("./gazetteer.json", { with: { type: "json" } });
  const table = new PlaceTable();
  for (const [index, feature] of collection.features.entries()) {
    table.add(placeOfFeature(feature, `features[${index}]`));
  }
  for (const _ of table.index());
  return table;
}
