/** What one event does: the machine after it, what has to be written, and what the caller is told. */

import type { Discard } from '../activity.ts';
import type { CarFacts } from '../cars.ts';
import type { Rule } from '../classification.ts';
import type { Reply, ReplyCode } from '../events.ts';
import type { UserLocation } from '../locations.ts';
import type { Settings } from '../settings.ts';
import type { Trip } from '../trips.ts';
import type { Machine, MachineMemory, Phase, WaitingReason } from './state.ts';

/** What the rules need to know of the user. */
export interface Context {
  readonly settings: Settings;
  readonly cars: readonly CarFacts[];
  readonly locations: readonly UserLocation[];
  readonly rules: readonly Rule[];
}

export type Output =
  /** The trip stands in the book like this. */
  | { readonly output: 'book'; readonly trip: Trip }
  /** The drive is no trip; the feed says why. */
  | { readonly output: 'discard'; readonly discard: Discard }
  /** Whatever was booked or discarded under this id is open again. */
  | { readonly output: 'reopen'; readonly tripId: string }
  /** The event waits for the user. */
  | { readonly output: 'wait'; readonly eventId: string; readonly reason: WaitingReason }
  /** Readings held as suspicious are believed now. */
  | { readonly output: 'believe'; readonly readingIds: readonly string[] };

export interface Turn {
  readonly machine: Machine;
  readonly outputs: readonly Output[];
  readonly reply: Reply | null;
}

export function stay(machine: Machine, reply: Reply | null = null): Turn {
  return { machine, outputs: [], reply };
}

export function go(machine: Machine, now: Phase, reply: Reply | null = null): Turn {
  return { machine: { ...machine, now }, outputs: [], reply };
}

/** Goes on from where a turn arrived; the later reply counts. */
export function andThen(turn: Turn, next: (machine: Machine) => Turn): Turn {
  const after = next(turn.machine);
  return { machine: after.machine, outputs: [...turn.outputs, ...after.outputs], reply: after.reply ?? turn.reply };
}

export function output(turn: Turn, ...outputs: readonly Output[]): Turn {
  return { ...turn, outputs: [...turn.outputs, ...outputs] };
}

export function reply(code: ReplyCode, tripId: string | null = null, duplicate = false): Reply {
  return { code, tripId, duplicate };
}

export function answer(turn: Turn, said: Reply): Turn {
  return { ...turn, reply: said };
}

export function remember(machine: Machine, change: Partial<MachineMemory>): Machine {
  return { ...machine, memory: { ...machine.memory, ...change } };
}

/** The event is kept for the user to decide. */
export function wait(machine: Machine, eventId: string, reason: WaitingReason): Turn {
  const { now } = machine;
  const open = now.phase === 'idle' || now.phase === 'stale' ? null : now.trip;
  const said = open ? reply('recorded', open.id) : reply('no_active_trip');
  return output(stay(machine, said), { output: 'wait', eventId, reason });
}

/** The user had decided about this trip when the event came: the rules leave it alone. */
export function isSettled({ settled }: MachineMemory, tripId: string, event: { readonly receivedAt: number }): boolean {
  const decided = settled[tripId];
  return decided !== undefined && decided.at <= event.receivedAt;
}
