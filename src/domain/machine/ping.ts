/** What a ping means in each phase (trip rules 3, 9, 13 and 14). */

import type { Ping } from '../events.ts';
import { distanceMetres } from '../geo.ts';
import { LIMITS } from '../settings.ts';
import { closeStale } from './close.ts';
import { follow, isSignOfLife, staleAfterMs } from './open-trip.ts';
import { goOn } from './start.ts';
import type { Machine, OpenTrip, Pause } from './state.ts';
import { answer, go, reply, stay, andThen, type Context, type Turn } from './turn.ts';

export function pingIdle(machine: Machine): Turn {
  return stay(machine, reply('no_active_trip'));
}

export function pingDriving(machine: Machine, trip: OpenTrip, ping: Ping, context: Context): Turn {
  if (isTooLate(trip, ping, context)) return andThen(closeStale(machine, trip, ping.at, context), pingIdle);
  return go(machine, { phase: 'driving', trip: follow(trip, ping) }, reply('recorded', trip.id));
}

/** After so long a silence a ping no longer belongs to the trip; the fix of an `end` may come as late as the end itself. */
export function isTooLate(trip: OpenTrip, ping: Ping, context: Context): boolean {
  const usual = staleAfterMs(trip, context);
  return ping.at - trip.sign.at > (ping.own ? Math.max(usual, LIMITS.lateEndMs) : usual);
}

/** The trip is over and only waits for its car: the point belongs to nobody yet. */
export function pingEnding(machine: Machine, trip: OpenTrip): Turn {
  return stay(machine, reply('recorded', trip.id));
}

export function pingPaused(machine: Machine, trip: OpenTrip, pause: Pause, ping: Ping, context: Context): Turn {
  if (!leavesPause(trip, pause, ping, context)) return stay(machine, reply('recorded', trip.id));
  const on = goOn(machine, trip, pause, ping);
  return answer(
    andThen(on, (driving) =>
      driving.now.phase === 'driving' ? pingDriving(driving, driving.now.trip, ping, context) : stay(driving),
    ),
    reply('recorded', trip.id),
  );
}

function leavesPause(trip: OpenTrip, pause: Pause, ping: Ping, context: Context): boolean {
  if (ping.own) return false;
  if (pause.locationId === null) return isSignOfLife(trip, ping.fix);
  const stop = context.locations.find(({ id }) => id === pause.locationId);
  const centre = stop ?? pause.position;
  return (
    centre !== null && distanceMetres(centre, ping.fix) > (stop?.radiusMetres ?? 0) + (ping.fix.accuracyMetres ?? 0)
  );
}
