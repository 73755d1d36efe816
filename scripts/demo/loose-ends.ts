/** What goes wrong with phones now and then: drives of the last days that want a decision, each a little while ago. */

import { chanceOf } from './chance.ts';
import type { Drive } from './drives.ts';
import type { PlaceName } from './places.ts';

/** A drive of its own, or an event that belongs to none. */
export type LooseEnd =
  | { readonly kind: 'drive'; readonly at: number; readonly drive: Drive }
  | { readonly kind: 'false_start' | 'end_alone'; readonly at: number; readonly place: PlaceName };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Late in the evening, when nothing else happens. `midnight`: the beginning of today. */
export function looseEndsBefore(midnight: number): readonly LooseEnd[] {
  const evening = (daysAgo: number, minutesToMidnight: number) =>
    midnight - (daysAgo - 1) * DAY_MS - minutesToMidnight * MINUTE_MS;
  return [
    aside(evening(9, 190), 'no_end', 'sports'),
    aside(evening(6, 220), 'no_positions', 'shops'),
    { kind: 'end_alone', at: evening(4, 140), place: 'shops' },
    { kind: 'false_start', at: evening(2, 150), place: 'home' },
  ];
}

function aside(at: number, heard: Drive['heard'], to: PlaceName): LooseEnd {
  const pace = chanceOf(String(at)).between(0.8, 1);
  const drive: Drive = { car: 'family', startedAt: at, from: 'home', via: null, to, pace, heard, said: null };
  return { kind: 'drive', at, drive };
}
