/** Trip rule 2(b), second half: a car that only passed by (its Bluetooth was in reach) gives the trip back. */

import { carOf, isNamed } from '../cars.ts';
import type { PhoneEvent } from '../events.ts';
import { LIMITS } from '../settings.ts';
import { discardOf } from './record.ts';
import type { Machine, OpenTrip } from './state.ts';
import { go, output, remember, reply, type Context, type Turn } from './turn.ts';

/** The turn back to the interrupted trip, or `null` when the event does not say that the car only passed by. */
export function leavePassingCar(machine: Machine, trip: OpenTrip, event: PhoneEvent, context: Context): Turn | null {
  const { interrupted } = machine.memory;
  if (interrupted?.by !== trip.id || event.at - interrupted.at > LIMITS.passingCarMs) return null;
  const said = carOf(event.car, context.cars);
  const namesFirst = isNamed(said) && said.carId === interrupted.trip.car.carId;
  if (event.type === 'start' ? !namesFirst : namesFirst) return null;
  const passed = { output: 'discard', discard: discardOf({ trip, at: event.at }, 'passing_car') } as const;
  const machineWithout = remember(machine, { interrupted: null });
  const first = machine.memory.closed.find((closed) => closed.trip.id === interrupted.trip.id);
  if (first?.closedBy === 'phone') {
    return output(go(machineWithout, { phase: 'idle' }, reply('discarded', trip.id)), passed);
  }
  const closed = machine.memory.closed.filter((other) => other !== first);
  const back = go(
    remember(machineWithout, { closed }),
    { phase: 'driving', trip: interrupted.trip },
    reply('discarded', interrupted.trip.id),
  );
  return output(back, passed, { output: 'reopen', tripId: interrupted.trip.id });
}
