/** A service that knows roads. Reads no environment and writes nothing; throws only what is a bug. */

import type { Position } from '../domain/geo.ts';
import type { Looked } from '../domain/services.ts';

/** No more positions than this in one call. */
export const MOST_WAYPOINTS = 25;

export interface Router {
  /** Which service it is: its turns are counted under this. */
  readonly id: string;
  /** How far it is by car along these positions, in whole metres; `null`: no road leads there. */
  route(positions: readonly Position[], signal: AbortSignal): Promise<Looked<number | null>>;
}
