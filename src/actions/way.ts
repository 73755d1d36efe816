/** The track of a finished trip as a router wants it: some positions on the way, and how far they are known to go. */

import type { Fix } from '../domain/events.ts';
import type { Position } from '../domain/geo.ts';
import { waypointsOf } from '../domain/routes.ts';
import { foldChunk, measure, totalsOf, type ChunkFold, type Measure } from '../domain/track.ts';
import { LIMITS } from '../domain/settings.ts';
import type { Trip } from '../domain/trips.ts';
import { MOST_WAYPOINTS } from '../seams/router.ts';
import type { UserStore } from '../seams/store.ts';
import { fixesOfTrip } from './tracks.ts';

export interface Way {
  readonly waypoints: readonly Position[];
  readonly track: Measure;
}

/** Of each stretch of the track one position is kept, so that what is in hand grows with hours, not with points. */
export async function wayOf(user: UserStore, trip: Trip): Promise<Way> {
  const folds: ChunkFold[] = [];
  for await (const fixes of fixesOfTrip(user, trip)) {
    const fold = foldChunk(fixes);
    if (fold) folds.push(fold);
  }
  const known = measure(totalsOf(folds));
  const isWhole = reaches(known.first, trip.startedAt) && reaches(known.last, trip.endedAt);
  const passed = folds.map(({ last }) => last);
  return { waypoints: waypointsOf(trip, passed, MOST_WAYPOINTS), track: { ...known, thin: known.thin || !isWhole } };
}

function reaches(fix: Fix | null, edge: number): boolean {
  return fix !== null && Math.abs(fix.at - edge) <= LIMITS.thinGapMs;
}
