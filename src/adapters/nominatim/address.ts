/** A short, readable address from the many parts Nominatim knows (https://nominatim.org/release-docs/latest/api/Output/). */

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Ways and places a house number may belong to, the likeliest first. */
const STREETS = ['road', 'pedestrian', 'residential', 'footway', 'cycleway', 'path', 'square', 'place', 'bridge'];
const HOUSES = ['house_number', 'house_name'];
const CITIES = ['city', 'town', 'village', 'hamlet', 'municipality', 'isolated_dwelling', 'suburb', 'city_district'];
const REGIONS = ['county', 'state_district', 'state'];
const LONGEST = 200;

/** `Stationsplein 12, Amersfoort`; `null`: it is not near anything that has a name. */
export function addressOf(place: Fields): string | null {
  const parts = fieldsOf(place['address']);
  const street = first(parts, STREETS);
  const house = first(parts, HOUSES);
  const city = first(parts, CITIES) ?? first(parts, REGIONS);
  const spot = street === null ? (textOf(place['name']) ?? house) : house === null ? street : `${street} ${house}`;
  if (city === null) return spot;
  return cut(spot === null || spot === city ? city : `${spot}, ${city}`);
}

/** What a person calls it; `null`: it has no name of its own. */
export function nameOf(place: Fields): string | null {
  return textOf(place['name']);
}

/** The first of the many parts the whole address has. */
export function beginningOf(place: Fields): string | null {
  return textOf(textOf(place['display_name'])?.split(',')[0]);
}

function first(parts: Fields, names: readonly string[]): string | null {
  for (const name of names) {
    const text = textOf(parts[name]);
    if (text !== null) return text;
  }
  return null;
}

/** One line that any file of a report can hold. */
function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.replaceAll(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim();
  return text === '' ? null : cut(text);
}

/** Half a character at the end. */
const HALF = /\p{Cs}$/u;

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).replace(HALF, '')}…`;
}
