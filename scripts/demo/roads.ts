/** The roads of the demo: a coarse net of crossings between the places, with how fast one drives on each. */

import { distanceMetres, type Position } from '../../src/domain/geo.ts';
import { PLACES, type PlaceName } from './places.ts';

const CROSSINGS = {
  schothorst: [52.1762, 5.4012],
  vathorst: [52.1968, 5.4236],
  hoevelaken: [52.1682, 5.4331],
  amersfoort: [52.1497, 5.4118],
  leusden: [52.1336, 5.3741],
  soesterberg: [52.1187, 5.3079],
  denDolder: [52.1063, 5.2512],
  uithof: [52.0862, 5.1843],
  rijnsweerd: [52.0838, 5.1549],
  lunetten: [52.0627, 5.1437],
  galgenwaard: [52.0557, 5.1106],
  papendorp: [52.0604, 5.0842],
  oudenrijn: [52.0569, 5.0571],
  amersfoortNorth: [52.1936, 5.3687],
  baarn: [52.2129, 5.3074],
  eemnes: [52.2427, 5.2481],
  naarden: [52.2891, 5.1763],
  muiden: [52.3271, 5.0784],
  diemen: [52.3219, 4.9866],
  hilversum: [52.2254, 5.2136],
  barneveld: [52.1587, 5.5702],
  scherpenzeel: [52.1036, 5.6049],
  edeNorth: [52.0561, 5.6284],
  stroe: [52.1859, 5.7013],
  hoenderloo: [52.1867, 5.8331],
  apeldoornSouth: [52.1794, 5.9548],
  nijkerk: [52.2146, 5.4789],
  nulde: [52.2647, 5.5313],
  ermelo: [52.3036, 5.6021],
  harderwijk: [52.3318, 5.6392],
  woerden: [52.0761, 4.8702],
  bodegraven: [52.0738, 4.7516],
  alphen: [52.1203, 4.6524],
  leiden: [52.1412, 4.5081],
  katwijk: [52.1907, 4.4337],
  vianen: [51.9918, 5.0838],
  gorinchem: [51.8412, 4.9983],
  hooipolder: [51.7019, 4.8807],
  breda: [51.6104, 4.7168],
  roosendaal: [51.5487, 4.4853],
  bergen: [51.4846, 4.3121],
  goes: [51.5103, 3.9026],
  middelburg: [51.4986, 3.6397],
} as const satisfies Record<string, readonly [number, number]>;

type Crossing = keyof typeof CROSSINGS;
/** A place has a mark of its own, so that a town may bear the name of a crossing. */
type Node = Crossing | `@${PlaceName}`;

export interface Road {
  readonly from: Position;
  readonly to: Position;
  readonly kmh: number;
  readonly metres: number;
}

const MOTORWAY = 98;
const COUNTRY = 72;
const STREET = 36;

/** Roads one after the other, `kmh` the same along each line. */
const LINES: readonly (readonly [kmh: number, ...along: Node[]])[] = [
  [MOTORWAY, 'vathorst', 'hoevelaken', 'amersfoort', 'leusden', 'soesterberg', 'denDolder', 'uithof', 'rijnsweerd'],
  [MOTORWAY, 'rijnsweerd', 'lunetten', 'galgenwaard', 'papendorp', 'oudenrijn', 'woerden', 'bodegraven'],
  [MOTORWAY, 'hoevelaken', 'amersfoortNorth', 'baarn', 'eemnes', 'naarden', 'muiden', 'diemen'],
  [MOTORWAY, 'eemnes', 'hilversum', 'rijnsweerd'],
  [MOTORWAY, 'hoevelaken', 'barneveld', 'stroe', 'hoenderloo', 'apeldoornSouth'],
  [MOTORWAY, 'barneveld', 'scherpenzeel', 'edeNorth'],
  [MOTORWAY, 'vathorst', 'nijkerk', 'nulde', 'ermelo', 'harderwijk'],
  [MOTORWAY, 'lunetten', 'vianen', 'gorinchem', 'hooipolder', 'breda', 'roosendaal', 'bergen', 'goes', 'middelburg'],
  [COUNTRY, 'bodegraven', 'alphen', 'leiden', 'katwijk', '@beach'],
  [COUNTRY, 'baarn', '@woods'],
  [COUNTRY, 'denDolder', '@zeist'],
  [COUNTRY, 'middelburg', '@cottage'],
  [STREET, '@home', 'schothorst', 'vathorst'],
  [STREET, 'schothorst', '@school', 'hoevelaken'],
  [STREET, 'schothorst', 'amersfoortNorth'],
  [STREET, 'schothorst', '@sports'],
  [STREET, '@home', '@shops', 'amersfoort'],
  [STREET, 'papendorp', '@office'],
  [STREET, 'hilversum', '@hilversum'],
  [STREET, 'edeNorth', '@ede'],
  [STREET, 'diemen', '@amsterdam'],
  [STREET, 'apeldoornSouth', '@apeldoorn'],
  [STREET, 'harderwijk', '@grandparents'],
  [STREET, 'middelburg', '@harbour'],
  [STREET, 'leusden', '@fuel', 'soesterberg'],
];

interface Exit {
  readonly to: Node;
  readonly road: Road;
}

const EXITS = exits();

function exits(): ReadonlyMap<Node, readonly Exit[]> {
  const found = new Map<Node, Exit[]>();
  const add = (from: Node, to: Node, kmh: number) => {
    const ends = { from: positionOf(from), to: positionOf(to) };
    const exit = { to, road: { ...ends, kmh, metres: distanceMetres(ends.from, ends.to) } };
    found.set(from, [...(found.get(from) ?? []), exit]);
  };
  for (const [kmh, ...along] of LINES) {
    for (const [i, to] of along.entries()) {
      const from = along[i - 1];
      if (from === undefined) continue;
      add(from, to, kmh);
      add(to, from, kmh);
    }
  }
  return found;
}

function positionOf(node: Node): Position {
  if (isPlace(node)) return PLACES[node.slice(1) as PlaceName];
  const [lat, lng] = CROSSINGS[node];
  return { lat, lng };
}

function isPlace(node: Node): node is `@${PlaceName}` {
  return node.startsWith('@');
}

/** The fastest way, by Dijkstra: the net is small. Throws when no road leads there, which would be a fault of the net. */
export function wayBetween(from: PlaceName, to: PlaceName): readonly Road[] {
  const goal: Node = `@${to}`;
  const open = new Map<Node, { hours: number; way: readonly Road[] }>([[`@${from}`, { hours: 0, way: [] }]]);
  const done = new Set<Node>();
  for (;;) {
    const [node, reached] = nearest(open);
    if (node === goal) return reached.way;
    open.delete(node);
    done.add(node);
    for (const { to: next, road } of EXITS.get(node) ?? []) {
      const hours = reached.hours + road.metres / 1_000 / road.kmh;
      if (done.has(next) || (open.get(next)?.hours ?? Infinity) <= hours) continue;
      open.set(next, { hours, way: [...reached.way, road] });
    }
  }
}

function nearest<T extends { readonly hours: number }>(open: ReadonlyMap<Node, T>): readonly [Node, T] {
  const [first, ...others] = open;
  if (first === undefined) throw new Error('No road leads there.');
  return others.reduce((best, one) => (one[1].hours < best[1].hours ? one : best), first);
}
