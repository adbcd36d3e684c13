/**
 * The default gazetteer against what is known without it: the members of the United Nations,
 * Google's type words, boxes around countries and continents, and distances that any atlas gives.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import gazetteer from "../../../lib/places/gazetteer/gazetteer.json" with { type: "json" };

/** One place, as this project writes GeoJSON. Coordinates are longitude, then latitude. */
interface Feature {
  readonly type: string;
  readonly geometry: { readonly type: string; readonly coordinates: readonly number[] };
  readonly properties: {
    readonly name: string;
    readonly types: readonly string[];
    readonly vicinity: string;
    readonly capitalOf?: string | undefined;
    readonly continent?: string | undefined;
  };
}

/** Sides in degrees; when the west is beyond the east, the box lies over the date line. */
interface Box {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

const features: readonly Feature[] = gazetteer.features;
const capitals = features.filter((feature) => feature.properties.capitalOf !== undefined);

/** Words between commas, however the lines are broken. */
function list(text: string): string[] {
  return text.trim().split(/\s*,\s*/).map((word) => word.replace(/\s+/g, " "));
}

/** A name and a box of "Name south north west east". */
function area(text: string): [name: string, box: Box] {
  const words = text.trim().split(/\s+/);
  const [south, north, west, east] = words.splice(-4).map(Number);
  assert(south !== undefined && north !== undefined && west !== undefined && east !== undefined);
  assert(south < north && -180 <= west && east <= 180, text);
  return [words.join(" "), { south, north, west, east }];
}

/**
 * The 193 members of the United Nations by the names it uses. Continents are those of its
 * statisticians (M49), which settles who lies on two: Cyprus, Türkiye, the Caucasus and Kazakhstan
 * are in Asia, Russia is in Europe, Egypt is in Africa.
 */
const members: Record<string, string[]> = {
  "Africa": list(`
    Algeria, Angola, Benin, Botswana, Burkina Faso, Burundi, Cabo Verde, Cameroon,
    Central African Republic, Chad, Comoros, Congo, Côte d'Ivoire,
    Democratic Republic of the Congo, Djibouti, Egypt, Equatorial Guinea, Eritrea, Eswatini,
    Ethiopia, Gabon, Gambia, Ghana, Guinea, Guinea-Bissau, Kenya, Lesotho, Liberia, Libya,
    Madagascar, Malawi, Mali, Mauritania, Mauritius, Morocco, Mozambique, Namibia, Niger, Nigeria,
    Rwanda, Sao Tome and Principe, Senegal, Seychelles, Sierra Leone, Somalia, South Africa,
    South Sudan, Sudan, Togo, Tunisia, Uganda, United Republic of Tanzania, Zambia, Zimbabwe`),
  "Asia": list(`
    Afghanistan, Armenia, Azerbaijan, Bahrain, Bangladesh, Bhutan, Brunei Darussalam, Cambodia,
    China, Cyprus, Democratic People's Republic of Korea, Georgia, India, Indonesia,
    Iran (Islamic Republic of), Iraq, Israel, Japan, Jordan, Kazakhstan, Kuwait, Kyrgyzstan,
    Lao People's Democratic Republic, Lebanon, Malaysia, Maldives, Mongolia, Myanmar, Nepal, Oman,
    Pakistan, Philippines, Qatar, Republic of Korea, Saudi Arabia, Singapore, Sri Lanka,
    Syrian Arab Republic, Tajikistan, Thailand, Timor-Leste, Türkiye, Turkmenistan,
    United Arab Emirates, Uzbekistan, Viet Nam, Yemen`),
  "Europe": list(`
    Albania, Andorra, Austria, Belarus, Belgium, Bosnia and Herzegovina, Bulgaria, Croatia,
    Czechia, Denmark, Estonia, Finland, France, Germany, Greece, Hungary, Iceland, Ireland, Italy,
    Latvia, Liechtenstein, Lithuania, Luxembourg, Malta, Monaco, Montenegro,
    Netherlands (Kingdom of the), North Macedonia, Norway, Poland, Portugal, Republic of Moldova,
    Romania, Russian Federation, San Marino, Serbia, Slovakia, Slovenia, Spain, Sweden,
    Switzerland, Ukraine, United Kingdom of Great Britain and Northern Ireland`),
  "North America": list(`
    Antigua and Barbuda, Bahamas, Barbados, Belize, Canada, Costa Rica, Cuba, Dominica,
    Dominican Republic, El Salvador, Grenada, Guatemala, Haiti, Honduras, Jamaica, Mexico,
    Nicaragua, Panama, Saint Kitts and Nevis, Saint Lucia, Saint Vincent and the Grenadines,
    Trinidad and Tobago, United States of America`),
  "Oceania": list(`
    Australia, Fiji, Kiribati, Marshall Islands, Micronesia (Federated States of), Nauru,
    New Zealand, Palau, Papua New Guinea, Samoa, Solomon Islands, Tonga, Tuvalu, Vanuatu`),
  "South America": list(`
    Argentina, Bolivia (Plurinational State of), Brazil, Chile, Colombia, Ecuador, Guyana,
    Paraguay, Peru, Suriname, Uruguay, Venezuela (Bolivarian Republic of)`),
};

/**
 * Where a continent's capitals lie, in degrees; the boxes are as tight as whole degrees allow, so
 * that a wrong sign falls out. Oceania's runs east from Australia over the date line to Samoa.
 */
const continents: Record<string, Box> = {
  // From Maseru to Tunis, from Praia to Port Louis.
  "Africa": { south: -30, north: 37, west: -24, east: 58 },
  // From Dili to Astana, from Ankara to Tokyo.
  "Asia": { south: -9, north: 52, west: 32, east: 140 },
  // From Valletta to Reykjavík, from Reykjavík to Moscow.
  "Europe": { south: 35, north: 65, west: -22, east: 38 },
  // From Panama City to Ottawa, from Mexico City to Bridgetown.
  "North America": { south: 8, north: 46, west: -100, east: -59 },
  // From Wellington to Ngerulmud's 7° north, from Ngerulmud to Apia.
  "Oceania": { south: -42, north: 8, west: 134, east: -171 },
  // From Montevideo to Caracas, from Quito to Brasília.
  "South America": { south: -35, north: 11, west: -79, east: -47 },
};

/**
 * Where countries, and the other areas that addresses name, lie: south, north, west and east in
 * whole degrees, islands far off left out; a west beyond the east is a box over the date line.
 */
const areas = new Map(
  `
  Algeria 19 37 -9 12; Angola -18 -4 11 24; Benin 6 13 0 4; Botswana -27 -17 20 30;
  Burkina Faso 9 15 -6 3; Burundi -5 -2 29 31; Cabo Verde 14 18 -26 -22; Cameroon 1 13 8 17;
  Central African Republic 2 11 14 28; Chad 7 24 13 24; Comoros -13 -11 43 45; Congo -5 4 11 19;
  Côte d'Ivoire 4 11 -9 -2; Democratic Republic of the Congo -14 6 12 32; Djibouti 10 13 41 44;
  Egypt 21 32 24 37; Equatorial Guinea -2 4 5 12; Eritrea 12 19 36 44; Eswatini -28 -25 30 33;
  Ethiopia 3 15 32 48; Gabon -4 3 8 15; Gambia 13 14 -17 -13; Ghana 4 12 -4 2;
  Guinea 7 13 -16 -7; Guinea-Bissau 10 13 -17 -13; Kenya -5 6 33 42; Lesotho -31 -28 27 30;
  Liberia 4 9 -12 -7; Libya 19 34 9 26; Madagascar -26 -11 43 51; Malawi -18 -9 32 36;
  Mali 10 25 -13 5; Mauritania 14 28 -18 -4; Mauritius -21 -19 57 64; Morocco 27 36 -14 -1;
  Mozambique -27 -10 30 41; Namibia -29 -16 11 26; Niger 11 24 0 16; Nigeria 4 14 2 15;
  Rwanda -3 -1 28 31; Sao Tome and Principe 0 2 6 8; Senegal 12 17 -18 -11;
  Seychelles -10 -3 46 57; Sierra Leone 6 10 -14 -10; Somalia -2 12 40 52;
  South Africa -35 -22 16 33; South Sudan 3 13 24 36; Sudan 8 23 21 39; Tanzania -12 0 29 41;
  Togo 6 12 -1 2; Tunisia 30 38 7 12; Uganda -2 5 29 36; Zambia -19 -8 21 34;
  Zimbabwe -23 -15 25 34;
  Afghanistan 29 39 60 75; Armenia 38 42 43 47; Azerbaijan 38 42 44 51; Bahrain 25 27 50 51;
  Bangladesh 20 27 88 93; Bhutan 26 29 88 93; Brunei 4 6 114 116; Cambodia 10 15 102 108;
  China 18 54 73 135; Cyprus 34 36 32 35; North Korea 37 44 124 131; Georgia 41 44 40 47;
  India 6 36 68 98; Indonesia -11 6 95 141; Iran 25 40 44 64; Iraq 29 38 38 49;
  Israel 29 34 34 36; Japan 24 46 122 146; Jordan 29 34 34 40; Kazakhstan 40 56 46 88;
  Kuwait 28 31 46 49; Kyrgyzstan 39 44 69 81; Laos 13 23 100 108; Lebanon 33 35 35 37;
  Malaysia 0 8 99 120; Maldives -1 8 72 74; Mongolia 41 53 87 120; Myanmar 9 29 92 102;
  Nepal 26 31 80 89; Oman 16 27 51 60; Pakistan 23 38 60 78; Philippines 4 22 116 127;
  Qatar 24 27 50 52; South Korea 33 39 124 132; Saudi Arabia 16 33 34 56; Singapore 1 2 103 105;
  Sri Lanka 5 10 79 82; Syria 32 38 35 43; Tajikistan 36 42 67 76; Thailand 5 21 97 106;
  Timor-Leste -10 -8 124 128; Türkiye 35 43 25 45; Turkmenistan 35 43 52 67;
  United Arab Emirates 22 27 51 57; Uzbekistan 37 46 55 74; Vietnam 8 24 102 110;
  Yemen 12 19 42 55;
  Albania 39 43 19 22; Andorra 42 43 1 2; Austria 46 50 9 18; Belarus 51 57 23 33;
  Belgium 49 52 2 7; Bosnia and Herzegovina 42 46 15 20; Bulgaria 41 45 22 29;
  Croatia 42 47 13 20; Czechia 48 52 12 19; Denmark 54 58 8 16; Estonia 57 60 21 29;
  Finland 59 71 19 32; France 41 52 -6 10; Germany 47 56 5 16; Greece 34 42 19 30;
  Hungary 45 49 16 23; Iceland 63 67 -25 -13; Ireland 51 56 -11 -5; Italy 35 48 6 19;
  Latvia 55 59 20 29; Liechtenstein 47 48 9 10; Lithuania 53 57 20 27; Luxembourg 49 51 5 7;
  Malta 35 37 14 15; Monaco 43 44 7 8; Montenegro 41 44 18 21; Netherlands 50 54 3 8;
  North Macedonia 40 43 20 24; Norway 57 72 4 32; Poland 48 55 14 25; Portugal 36 43 -10 -6;
  Moldova 45 49 26 31; Romania 43 49 20 30; Russia 41 82 19 -169; San Marino 43 44 12 13;
  Serbia 42 47 18 24; Slovakia 47 50 16 23; Slovenia 45 47 13 17; Spain 27 44 -19 5;
  Sweden 55 70 10 25; Switzerland 45 48 5 11; Ukraine 44 53 22 41; United Kingdom 49 61 -9 2;
  Antigua and Barbuda 16 18 -63 -61; Bahamas 20 28 -80 -72; Barbados 13 14 -60 -59;
  Belize 15 19 -90 -87; Canada 41 84 -142 -52; Costa Rica 8 12 -86 -82; Cuba 19 24 -85 -74;
  Dominica 15 16 -62 -61; Dominican Republic 17 20 -73 -68; El Salvador 13 15 -91 -87;
  Grenada 11 13 -62 -61; Guatemala 13 18 -93 -88; Haiti 18 21 -75 -71; Honduras 12 17 -90 -83;
  Jamaica 17 19 -79 -76; Mexico 14 33 -119 -86; Nicaragua 10 16 -88 -82; Panama 7 10 -84 -77;
  Saint Kitts and Nevis 17 18 -63 -62; Saint Lucia 13 15 -62 -60;
  Saint Vincent and the Grenadines 12 14 -62 -61; Trinidad and Tobago 10 12 -62 -60;
  United States 24 50 -125 -66;
  Australia -44 -10 113 154; Fiji -21 -12 176 -178; Kiribati -12 5 169 -150;
  Marshall Islands 4 15 160 173; Federated States of Micronesia 0 11 137 164; Nauru -1 0 166 167;
  New Zealand -53 -29 165 -175; Palau 2 9 131 135; Papua New Guinea -12 0 140 157;
  Samoa -15 -13 -173 -171; Solomon Islands -13 -6 155 171; Tonga -23 -15 -176 -173;
  Tuvalu -11 -5 176 180; Vanuatu -21 -13 166 171;
  Argentina -56 -21 -74 -53; Bolivia -23 -9 -70 -57; Brazil -34 6 -74 -34; Chile -56 -17 -110 -66;
  Colombia -5 13 -80 -66; Ecuador -6 2 -92 -75; Guyana 1 9 -62 -56; Paraguay -28 -19 -63 -54;
  Peru -19 0 -82 -68; Suriname 1 7 -59 -53; Uruguay -35 -30 -59 -53; Venezuela 0 13 -74 -59;
  Alaska 51 72 -180 -129; Arizona 31 38 -115 -109; British Columbia 48 60 -140 -114;
  California 32 42 -125 -114; Florida 24 31 -88 -80; Hawaiʻi 18 23 -161 -154;
  Illinois 36 43 -92 -87; Massachusetts 41 43 -74 -69; Missouri 35 41 -96 -89;
  Nevada 35 42 -120 -114; New York 40 46 -80 -71; Ontario 41 57 -96 -74;
  Pennsylvania 39 43 -81 -74; Québec 44 63 -80 -57; South Dakota 42 46 -105 -96;
  Tennessee 34 37 -91 -81; Utah 36 43 -115 -109; Virginia 36 40 -84 -75;
  Washington 45 50 -125 -116; Wyoming 41 45 -112 -104;
  Los Angeles 33 35 -119 -118; Beverly Hills 34 35 -119 -118; Culver City 33 35 -119 -118;
  Pacific Palisades 34 35 -119 -118; Santa Monica 34 35 -119 -118; West Hollywood 34 35 -119 -118;
  Bethlehem 31 32 35 36; Hong Kong 22 23 113 115; Istanbul 40 42 28 30; Lagos 6 7 3 4;
  London 51 52 -1 0; Macau 22 23 113 114; Osaka 34 35 135 136; Saint Petersburg 59 61 29 31;
  Shanghai 30 32 120 123; Sydney -35 -33 150 152; Taipei 24 26 121 122; Vatican City 41 42 12 13;
  Antarctica -90 -60 -180 180; Arctic Ocean 80 90 -180 180; Falkland Islands -53 -51 -62 -57;
  French Guiana 2 6 -55 -51; French Polynesia -28 -7 -155 -134; Gibraltar 36 37 -6 -5;
  Greenland 59 84 -74 -11; Pitcairn Islands -26 -23 -131 -124; Puerto Rico 17 19 -68 -65;
  Saint Helena -17 -15 -6 -5; Svalbard 74 81 10 34; Tristan da Cunha -38 -37 -13 -12`
    .split(";").map(area),
);

/** The types of Places API (Legacy) that suit a gazetteer: "Place types", tables 1 and 2. */
const typeWords = new Set(list(`
  airport, amusement_park, aquarium, art_gallery, cemetery, church, city_hall, hindu_temple,
  hospital, library, local_government_office, lodging, mosque, movie_theater, museum, night_club,
  park, shopping_mall, stadium, synagogue, tourist_attraction, train_station, transit_station,
  university, zoo,
  archipelago, establishment, health, landmark, locality, natural_feature, neighborhood,
  place_of_worship, point_of_interest, political, route, town_square`));

/** The words that say nothing about what a place is; they follow the ones that do. */
const generalWords = new Set(["point_of_interest", "establishment", "political"]);

/** Great-circle distances in kilometres, as tables of distances give them. */
const knownDistances: readonly (readonly [from: string, to: string, km: number])[] = [
  // Europe
  ["London", "Paris", 344],
  ["London", "Dublin", 464],
  ["Paris", "Berlin", 878],
  ["Berlin", "Moscow", 1609],
  ["Madrid", "Lisbon", 503],
  ["Rome", "Athens", 1052],
  ["Oslo", "Stockholm", 417],
  ["Helsinki", "Tallinn", 82],
  ["Vienna", "Bratislava", 55],
  ["Vienna", "Budapest", 214],
  ["Brussels", "Amsterdam", 173],
  ["London", "Reykjavík", 1890],
  ["London", "Radcliffe Camera", 82],
  // Africa, on both sides of the equator and of Greenwich
  ["London", "Accra", 5100],
  ["London", "Ouagadougou", 4360],
  ["Madrid", "Rabat", 770],
  ["Accra", "Lomé", 170],
  ["Dakar", "Praia", 650],
  ["Cairo", "Khartoum", 1610],
  ["Cairo", "Nairobi", 3530],
  ["Nairobi", "Kampala", 504],
  ["Kinshasa", "Brazzaville", 7],
  ["Cairo", "Table Mountain", 7240],
  // Asia
  ["Cairo", "Jerusalem", 425],
  ["Beirut", "Damascus", 85],
  ["New Delhi", "Gateway of India", 1160],
  ["New Delhi", "Kathmandu", 800],
  ["Beijing", "Tokyo", 2100],
  ["Beijing", "Shanghai Tower", 1075],
  ["Seoul", "Tokyo", 1160],
  ["Kuala Lumpur", "Singapore", 316],
  ["Jakarta", "Singapore", 890],
  ["London", "Singapore", 10_850],
  ["Moscow", "Vladivostok Railway Station", 6420],
  // North America
  ["Ottawa", "Washington, D.C.", 735],
  ["Statue of Liberty", "Washington, D.C.", 325],
  ["Statue of Liberty", "Los Angeles International Airport", 3975],
  ["Statue of Liberty", "London", 5575],
  ["Golden Gate Bridge", "Griffith Observatory", 560],
  ["Mexico City", "Havana", 1780],
  // South America
  ["Buenos Aires", "Montevideo", 205],
  ["Buenos Aires", "Santiago", 1138],
  ["Bogotá", "Quito", 725],
  ["Bogotá", "Caracas", 1020],
  ["Lima", "Quito", 1325],
  ["Brasília", "Buenos Aires", 2340],
  ["Christ the Redeemer", "São Paulo Museum of Art", 358],
  ["Buenos Aires", "Table Mountain", 6870],
  // Oceania
  ["Sydney Opera House", "Melbourne Cricket Ground", 714],
  ["Sydney Opera House", "Sky Tower", 2157],
  ["Canberra", "Wellington", 2325],
  ["London", "Sydney Opera House", 16_990],
  // Over the date line
  ["Suva", "Apia", 1150],
  ["Suva", "Nukuʻalofa", 750],
  ["Wellington", "Santiago", 9360],
  ["Sydney Opera House", "Los Angeles International Airport", 12_060],
  ["Tokyo", "USS Arizona Memorial", 6200],
  ["Tokyo", "Statue of Liberty", 10_850],
  // Near the poles: a quarter of a meridian is 10 008 km
  ["Reykjavík", "Ottawa", 3860],
  ["Svalbard Global Seed Vault", "North Pole", 1308],
  ["Alert", "North Pole", 834],
  ["McMurdo Station", "South Pole", 1355],
  ["North Pole", "South Pole", 20_015],
];

/** Capitals whose nearest other capital is known. */
const neighbours: readonly (readonly [capital: string, nearest: string])[] = [
  ["Kinshasa", "Brazzaville"],
  ["Brazzaville", "Kinshasa"],
  ["Bratislava", "Vienna"],
  ["Vienna", "Bratislava"],
  ["Tallinn", "Helsinki"],
  ["Montevideo", "Buenos Aires"],
  ["Damascus", "Beirut"],
  ["Jerusalem", "Amman"],
  ["Manama", "Doha"],
  ["Maputo", "Mbabane"],
  ["Lomé", "Porto-Novo"],
  ["Kigali", "Gitega"],
  ["London", "Brussels"],
  ["Kuala Lumpur", "Singapore"],
  ["Basseterre", "St. John's"],
  ["Canberra", "Wellington"],
];

/** Places in areas on both sides of Greenwich or of the equator, and the side they are on. */
const sides = {
  east: list(`
    Algiers, Camp Nou, Charles de Gaulle Airport, Château de Chambord, Cité de Carcassonne,
    King's College Chapel, McMurdo Station, Mount Erebus, Palace of Versailles, Park Güell,
    Pont du Gard, Sagrada Família, South Tarawa`),
  west: list(`
    Alhambra, Djinguereber Mosque, Elmina Castle, Great Mosque of Djenné,
    Guggenheim Museum Bilbao, Mont-Saint-Michel, Normandy American Cemetery, Ouagadougou,
    Royal Observatory Greenwich, Stonehenge, Vinson Massif, Windsor Castle`),
  north: list("Ciudad de la Paz, Kampala, Libreville, South Tarawa"),
  south: list(`
    Amazon Theatre, Chimborazo, Cotopaxi, Galápagos Islands, Mitad del Mundo, Mount Kenya,
    Nairobi, Quito`),
};

const ucla = { latitude: 34.068930, longitude: -118.445127 };

/** Longitude and latitude in degrees. */
function position(feature: Feature): { latitude: number; longitude: number } {
  const [longitude, latitude] = feature.geometry.coordinates;
  assert(longitude !== undefined && latitude !== undefined, feature.properties.name);
  return { latitude, longitude };
}

/** Great-circle distance in kilometres (haversine, mean radius 6371.0088 km). */
function distanceKm(from: typeof ucla, to: typeof ucla): number {
  const radians = Math.PI / 180;
  const across = Math.sin((to.longitude - from.longitude) * radians / 2);
  const along = Math.sin((to.latitude - from.latitude) * radians / 2);
  const cosines = Math.cos(from.latitude * radians) * Math.cos(to.latitude * radians);
  return 2 * 6371.0088 * Math.asin(Math.min(1, Math.hypot(along, Math.sqrt(cosines) * across)));
}

/** The one place of that name. */
function place(name: string): Feature {
  const [found, ...more] = features.filter((feature) => feature.properties.name === name);
  assert(found !== undefined && more.length === 0, `exactly one place is named ${name}`);
  return found;
}

/** Kilometres between two places. */
function betweenKm(one: Feature, other: Feature): number {
  return distanceKm(position(one), position(other));
}

/** Fails unless a place is in that box. */
function assertInside(feature: Feature, box: Box): void {
  const { latitude, longitude } = position(feature);
  const { name, vicinity } = feature.properties;
  const inside = box.west <= box.east
    ? box.west <= longitude && longitude <= box.east
    : box.west <= longitude || longitude <= box.east;
  assert(
    inside && box.south <= latitude && latitude <= box.north,
    `${name}, ${vicinity}: ${latitude}, ${longitude}`,
  );
}

/** The parts of an address, narrowest first; at the end, one or several areas. */
function addressParts(vicinity: string): { parts: string[]; last: string[] } {
  const parts = vicinity.split(/, (?!D\.C\.)/);
  const end = parts.at(-1) ?? "";
  const last = areas.has(end) || capitals.some((one) => one.properties.name === end)
    ? [end]
    : end.split(" and ");
  return { parts: [...parts.slice(0, -1), ...last], last };
}

Deno.test({
  name: "gazetteer.json is a feature collection of at least 400 well-formed points",
  permissions: "none",
  fn() {
    assertEquals(gazetteer.type, "FeatureCollection");
    assert(features.length >= 400, `${features.length} features`);
    for (const feature of features) {
      const { name, types, vicinity } = feature.properties;
      const capital = feature.properties.capitalOf === undefined ? [] : ["capitalOf", "continent"];
      assertEquals(feature.type, "Feature", name);
      assertEquals(feature.geometry.type, "Point", name);
      assertEquals(feature.geometry.coordinates.length, 2, name);
      assertEquals(Object.keys(feature), ["type", "geometry", "properties"], name);
      assertEquals(
        Object.keys(feature.properties),
        ["name", "types", "vicinity", ...capital],
        name,
      );
      for (const text of [name, vicinity, ...types]) {
        assert(text !== "" && text === text.trim(), `${name}: "${text}"`);
      }
    }
  },
});

Deno.test({
  name: "gazetteer.json has latitudes within 90 degrees and longitudes within 180",
  permissions: "none",
  fn() {
    for (const feature of features) {
      const { latitude, longitude } = position(feature);
      assert(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180, feature.properties.name);
    }
  },
});

Deno.test({
  name: "gazetteer.json has no place twice",
  permissions: "none",
  fn() {
    const names = features.map(({ properties }) => `${properties.name}; ${properties.vicinity}`);
    const points = features.map(({ geometry }) => geometry.coordinates.join());
    for (const keys of [names, points]) {
      assertEquals(keys.filter((key, index) => keys.indexOf(key) !== index), []);
    }
    for (const [index, one] of features.entries()) {
      const namesakes = features.slice(index + 1)
        .filter((other) => other.properties.name === one.properties.name);
      for (const other of namesakes) {
        assert(betweenKm(one, other) > 0.05, `${one.properties.name} is there twice`);
      }
    }
  },
});

Deno.test({
  name: "gazetteer.json has the capital of every UN member once, and no other",
  permissions: "none",
  fn() {
    const expected = Object.entries(members)
      .flatMap(([continent, names]) => names.map((name) => `${continent}: ${name}`));
    assertEquals(expected.length, 193);
    assertEquals(
      capitals.map(({ properties }) => `${properties.continent}: ${properties.capitalOf}`).sort(),
      expected.sort(),
    );
    for (const { properties } of capitals) {
      assertEquals(properties.types, ["locality", "political"]);
    }
  },
});

Deno.test({
  name: "gazetteer.json has each capital inside its continent's box",
  permissions: "none",
  fn() {
    for (const capital of capitals) {
      const box = continents[capital.properties.continent ?? ""];
      assert(box !== undefined, capital.properties.name);
      assertInside(capital, box);
    }
  },
});

Deno.test({
  name: "gazetteer.json has Google's type words, the most specific first",
  permissions: "none",
  fn() {
    for (const { properties: { name, types } } of features) {
      assert(types.length > 0, name);
      assertEquals(types.filter((word) => !typeWords.has(word)), [], name);
      assertEquals(new Set(types).size, types.length, name);
      const general = types.findIndex((word) => generalWords.has(word));
      const after = general < 0 ? [] : types.slice(general);
      assertEquals(after.filter((word) => !generalWords.has(word)), [], name);
    }
  },
});

Deno.test({
  name: "gazetteer.json has at least 25 places within 10 km of UCLA",
  permissions: "none",
  fn() {
    const near = features.filter((feature) => distanceKm(ucla, position(feature)) <= 10);
    assert(near.length >= 25, `${near.length} places`);
    for (const name of ["Royce Hall", "Getty Center", "La Brea Tar Pits", "Santa Monica Pier"]) {
      assert(near.includes(place(name)), name);
    }
    // Hollywood is just outside: positions there are right to a kilometre, too.
    assert(!near.includes(place("Hollywood Bowl")));
  },
});

Deno.test({
  name: "gazetteer.json has known places as far apart as they are, within 2 percent",
  permissions: "none",
  fn() {
    for (const [from, to, km] of knownDistances) {
      const measured = betweenKm(place(from), place(to));
      assert(
        Math.abs(measured - km) <= 0.02 * km,
        `${from} to ${to}: ${measured.toFixed(1)} km instead of ${km} km`,
      );
    }
  },
});

Deno.test({
  name: "gazetteer.json has capitals next to the capitals they are next to",
  permissions: "none",
  fn() {
    for (const [name, expected] of neighbours) {
      const capital = place(name);
      const nearest = capitals.filter((other) => other !== capital)
        .reduce((best, other) =>
          betweenKm(capital, other) < betweenKm(capital, best) ? other : best
        );
      assertEquals(nearest.properties.name, expected, `nearest to ${name}`);
    }
    assert(betweenKm(place("Kinshasa"), place("Brazzaville")) < 10);
  },
});

Deno.test({
  name: "gazetteer.json has every place in the area that its address names",
  permissions: "none",
  fn() {
    const capitalsByName = new Map(capitals.map((capital) => [capital.properties.name, capital]));
    for (const feature of features) {
      const { name, vicinity } = feature.properties;
      const { parts, last } = addressParts(vicinity);
      for (const part of last) {
        assert(areas.has(part) || capitalsByName.has(part), `${name}: where is ${part}?`);
      }
      for (const part of parts) {
        const box = areas.get(part);
        if (box !== undefined) assertInside(feature, box);
        const capital = capitalsByName.get(part);
        const km = capital === undefined ? 0 : betweenKm(feature, capital);
        assert(km < 40, `${name} is ${km.toFixed()} km from ${part}`);
      }
    }
  },
});

Deno.test({
  name: "gazetteer.json has places beside Greenwich and the equator on their side",
  permissions: "none",
  fn() {
    for (const name of sides.east) assert(position(place(name)).longitude > 0, name);
    for (const name of sides.west) assert(position(place(name)).longitude < 0, name);
    for (const name of sides.north) assert(position(place(name)).latitude > 0, name);
    for (const name of sides.south) assert(position(place(name)).latitude < 0, name);
  },
});
