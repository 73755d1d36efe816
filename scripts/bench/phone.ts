/** What a phone says, as the edge reads it. */

import type { SaidEvent, SaidPing } from '../../src/actions/said.ts';
import type { Position } from '../../src/domain/geo.ts';

/** On a straight road to the north; a step is some eleven metres. */
export const onTheRoad = (steps: number): Position => ({ lat: 52.1 + steps * 1e-4, lng: 5.1 });

const fixOf = (position: Position) => ({ ...position, accuracyMetres: 8, speedKmh: null });

export function saidEvent(type: SaidEvent['type'], at: number, position: Position): SaidEvent {
  return {
    type,
    eventId: null,
    time: { kind: 'instant', at },
    position: fixOf(position),
    carId: null,
    device: null,
    tokenCarId: null,
    said: `{"lat":${position.lat},"lng":${position.lng},"timestamp":${at},"accuracy_m":8}`,
    warnings: [],
  };
}

export function saidPing(at: number, position: Position): SaidPing {
  const points = [{ ...fixOf(position), time: { kind: 'instant', at } as const }];
  return { points, unreadable: 0, carId: null, device: null, tokenCarId: null, warnings: [] };
}
