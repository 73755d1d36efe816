/** Where a simulated car truly is and what its odometer truly shows, whoever asks. */

import type { SimulatedDrive, SimulatorSettings } from '../../domain/connections.ts';
import type { Position } from '../../domain/geo.ts';

export interface Truth {
  readonly state: 'driving' | 'parked';
  /** Since when it drives without a stop, or stands; `-Infinity` before its first drive. */
  readonly since: number;
  /** To the last full metre. */
  readonly odometerMetres: number;
  readonly position: Position;
}

/** A car is in one place: a drive that would begin before the one before it ended begins at that end. */
export function truthAt({ odometerMetres, parkedAt, drives }: SimulatorSettings, at: number): Truth {
  let setOffAt = -Infinity;
  let standing: Truth = { state: 'parked', since: -Infinity, odometerMetres, position: parkedAt };
  for (const drive of drives.toSorted((a, b) => a.startsAt - b.startsAt)) {
    const startsAt = Math.max(drive.startsAt, standing.since);
    if (at < startsAt) break;
    if (startsAt > standing.since) setOffAt = startsAt;
    const share = (at - startsAt) / drive.durationMs;
    if (share < 1) return { ...underWay(standing, drive, share), since: setOffAt };
    standing = {
      state: 'parked',
      since: startsAt + drive.durationMs,
      odometerMetres: standing.odometerMetres + drive.distanceMetres,
      position: drive.to,
    };
  }
  return standing;
}

function underWay(from: Truth, { distanceMetres, to }: SimulatedDrive, share: number): Omit<Truth, 'since'> {
  return {
    state: 'driving',
    odometerMetres: from.odometerMetres + Math.floor(distanceMetres * share),
    position: between(from.position, to, share),
  };
}

/** On the straight line of the map, the short way round the earth. */
function between(from: Position, to: Position, share: number): Position {
  const east = ((to.lng - from.lng + 540) % 360) - 180;
  const lng = from.lng + east * share;
  return { lat: from.lat + (to.lat - from.lat) * share, lng: ((lng + 540) % 360) - 180 };
}

export function isAsleep({ sleepsAfterMs }: SimulatorSettings, { state, since }: Truth, at: number): boolean {
  return sleepsAfterMs !== null && state === 'parked' && at - since >= sleepsAfterMs;
}
