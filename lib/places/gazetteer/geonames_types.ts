/**
 * GeoNames' feature classes and codes as Google's words (geonames.org: "Feature Codes"; Google:
 * "Place Types").
 *
 * @module
 */

const byCode: Readonly<Record<string, readonly string[]>> = {
  "A.PCLI": ["country", "political"],
  "A.PCLD": ["country", "political"],
  "A.PCLF": ["country", "political"],
  "A.PCLS": ["country", "political"],
  "A.ADM1": ["administrative_area_level_1", "political"],
  "A.ADM2": ["administrative_area_level_2", "political"],
  "A.ADM3": ["administrative_area_level_3", "political"],
  "A.ADM4": ["administrative_area_level_4", "political"],
  "A.ADM5": ["administrative_area_level_5", "political"],
  "L.CONT": ["continent"],
  "L.PRK": ["park"],
  "L.RESN": ["park"],
  "L.RESW": ["park"],
  "P.PPLX": ["neighborhood", "political"],
  "S.AIRP": ["airport"],
  "S.AIRH": ["airport"],
  "S.AIRF": ["airport"],
  "S.AMUS": ["amusement_park"],
  "S.AQUA": ["aquarium"],
  "S.ATHF": ["stadium"],
  "S.BANK": ["bank", "finance"],
  "S.BUSTN": ["bus_station", "transit_station"],
  "S.BUSTP": ["bus_stop", "transit_station"],
  "S.CH": ["church", "place_of_worship"],
  "S.CMTY": ["cemetery"],
  "S.CSNO": ["casino"],
  "S.CSTL": ["tourist_attraction"],
  "S.CTHSE": ["courthouse"],
  "S.CVNT": ["place_of_worship"],
  "S.DIP": ["embassy"],
  "S.FY": ["ferry_terminal", "transit_station"],
  "S.GHSE": ["lodging"],
  "S.GDN": ["park"],
  "S.HSP": ["hospital", "health"],
  "S.HSPC": ["doctor", "health"],
  "S.HTL": ["lodging"],
  "S.LIBR": ["library"],
  "S.MALL": ["shopping_mall"],
  "S.MKT": ["market"],
  "S.MNMT": ["tourist_attraction"],
  "S.MSQE": ["mosque", "place_of_worship"],
  "S.MSTY": ["place_of_worship"],
  "S.MTRO": ["subway_station", "transit_station"],
  "S.MUS": ["museum"],
  "S.OPRA": ["performing_arts_theater"],
  "S.PAL": ["tourist_attraction"],
  "S.PO": ["post_office"],
  "S.PP": ["police"],
  "S.PYR": ["tourist_attraction"],
  "S.PYRS": ["tourist_attraction"],
  "S.RECG": ["golf_course"],
  "S.REST": ["restaurant", "food"],
  "S.RLG": ["place_of_worship"],
  "S.RSTN": ["train_station", "transit_station"],
  "S.RUIN": ["tourist_attraction"],
  "S.SCH": ["school"],
  "S.SCHC": ["university"],
  "S.SHRN": ["place_of_worship"],
  "S.STDM": ["stadium"],
  "S.SYG": ["synagogue", "place_of_worship"],
  "S.THTR": ["performing_arts_theater"],
  "S.TMPL": ["place_of_worship"],
  "S.UNIV": ["university"],
  "S.ZOO": ["zoo"],
};

const byClass: Readonly<Record<string, readonly string[]>> = {
  A: ["political"],
  H: ["natural_feature"],
  L: ["point_of_interest"],
  P: ["locality", "political"],
  R: ["route"],
  S: [],
  T: ["natural_feature"],
  U: ["natural_feature"],
  V: ["natural_feature"],
};

/** Google gives both of these to whatever has an address and a door. */
const ofSpots = ["point_of_interest", "establishment"];

/**
 * Google's words for a kind of place.
 *
 * @param featureClass one letter; GeoNames leaves it empty for what it has not classified
 * @param featureCode the code within the class
 * @returns at least one word, the most specific first
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(typesOfFeature("P", "PPLC"), ["locality", "political"]);
 * assertEquals(typesOfFeature("S", "MUS"), ["museum", "point_of_interest", "establishment"]);
 * assertEquals(typesOfFeature("", ""), ["point_of_interest"]);
 * ```
 */
export function typesOfFeature(featureClass: string, featureCode: string): readonly string[] {
  const key = `${featureClass}.${featureCode}`;
  const words = (Object.hasOwn(byCode, key) ? byCode[key] : undefined) ??
    (Object.hasOwn(byClass, featureClass) ? byClass[featureClass] : undefined);
  if (words === undefined) return ["point_of_interest"];
  return isSpot(featureClass, words) ? [...words, ...ofSpots] : words;
}

function isSpot(featureClass: string, words: readonly string[]): boolean {
  return featureClass === "S" || words.includes("park");
}
