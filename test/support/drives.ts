/** Days of driving as fast-check makes them up, and ways they may reach the service. */

import fc from 'fast-check';
import type { Position } from '../../src/domain/geo.ts';
import type { VirtualClock } from './clock.ts';
import { between, east, HOME, north } from './places.ts';
import type { Said, Wire } from './wires.ts';

export const DAY_START = Date.parse('2026-03-02T05:00:00Z');
const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export interface Point {
  readonly at: number;
  readonly place: Position;
  readonly accuracy?: number;
}

export type Message =
  | { readonly kind: 'event'; readonly type: 'start' | 'end'; readonly at: number; readonly place: Position | null }
  | { readonly kind: 'points'; readonly at: number; readonly points: readonly Point[] };

export interface Day {
  readonly events: readonly Extract<Message, { kind: 'event' }>[];
  readonly points: readonly Point[];
}

const oneIn = (n: number) => fc.nat(n - 1).map((k) => k === 0);

const driveOf = fc.record({
  /** Since the drive before: longer than the resume window. */
  gapMinutes: fc.integer({ min: 11, max: 200 }),
  minutes: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 240 })),
  km: fc.integer({ min: 0, max: 60 }),
  eastward: fc.boolean(),
  startIsLost: oneIn(8),
  endIsLost: oneIn(8),
  startKnowsWhere: fc.boolean(),
  endKnowsWhere: fc.boolean(),
  /** Where on the way there are points: thousandths of it; the ends of the way are events' instants. */
  points: fc.array(fc.integer({ min: -50, max: 1_050 }), { maxLength: 14 }),
  accuracy: fc.constantFrom(undefined, 8, 40, 250),
});

/** One to five drives, further apart than the resume window. Some starts and ends were never sent. */
export const dayOf: fc.Arbitrary<Day> = fc.array(driveOf, { minLength: 1, maxLength: 5 }).map((drives) => {
  const events: Day['events'][number][] = [];
  const points = new Map<number, Point>();
  let at = DAY_START;
  let here: Position = HOME;
  for (const drive of drives) {
    const startedAt = at + drive.gapMinutes * MINUTE;
    const endedAt = startedAt + drive.minutes * MINUTE + 1_000;
    const there = (drive.eastward ? east : north)(here, drive.km);
    if (!drive.startIsLost) {
      events.push({ kind: 'event', type: 'start', at: startedAt, place: drive.startKnowsWhere ? here : null });
    }
    if (!drive.endIsLost) {
      events.push({ kind: 'event', type: 'end', at: endedAt, place: drive.endKnowsWhere ? there : null });
    }
    for (const share of drive.points) {
      const pointAt = startedAt + Math.round(((endedAt - startedAt) * share) / 1_000);
      const place = between(here, there, share / 1_000);
      points.set(pointAt, { at: pointAt, place, ...(drive.accuracy !== undefined && { accuracy: drive.accuracy }) });
    }
    at = endedAt;
    here = there;
  }
  return { events, points: [...points.values()].toSorted((a, b) => a.at - b.at) };
});

/** Points in requests of so many. */
export function inParts(points: readonly Point[], size: number): Message[] {
  const parts: Message[] = [];
  for (let i = 0; i < points.length; i += size) {
    const part = points.slice(i, i + size);
    parts.push({ kind: 'points', at: part.at(-1)?.at ?? 0, points: part });
  }
  return parts;
}

export interface Arriving {
  readonly at: number;
  readonly message: Message;
}

/** Everything as it happens, at once. A request of points comes with its newest. */
export function asItHappens({ events, points }: Day, size = 1): Arriving[] {
  return [...events, ...inParts(points, size)]
    .map((message) => ({ at: message.at, message }))
    .toSorted((a, b) => a.at - b.at || rank(a.message) - rank(b.message));
}

/** At one instant a start comes before its first point, and an end after its last. */
function rank(message: Message): number {
  return message.kind === 'points' ? 1 : message.type === 'start' ? 0 : 2;
}

/** The same, each message so many minutes late and some of them twice. */
export function shuffledOf(messages: readonly Message[]): fc.Arbitrary<Arriving[]> {
  const late = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 24 * 60 - 1 }));
  const ways = fc.tuple(late, fc.option(late, { freq: 4 }));
  return fc
    .array(ways, { minLength: messages.length, maxLength: messages.length })
    .map((delays) =>
      messages
        .flatMap((message, i) =>
          (delays[i] ?? []).flatMap((delay) =>
            delay === null ? [] : [{ at: message.at + delay * MINUTE + (delay > 0 ? i : 0), message }],
          ),
        )
        .toSorted((a, b) => a.at - b.at || rank(a.message) - rank(b.message)),
    );
}

/** Plays messages to a user's logbook, the clock ticking every so many minutes in between (0: never). */
export async function play(
  { wire, clock }: { readonly wire: Wire; readonly clock: VirtualClock },
  user: string,
  arriving: readonly Arriving[],
  { until, tickMinutes = 0 }: { readonly until: number; readonly tickMinutes?: number },
): Promise<void> {
  clock.set(DAY_START);
  const pass = async (to: number) => {
    if (tickMinutes === 0) return clock.set(to);
    const step = tickMinutes * MINUTE;
    for (let at = Math.ceil((clock.now() + 1) / step) * step; at <= to; at += step) {
      clock.set(at);
      await wire.tick();
    }
    clock.set(to);
  };
  for (const { at, message } of arriving) {
    await pass(at);
    await send(wire, user, message);
  }
  await pass(until);
}

/** Every message carries its time. */
export function send(wire: Wire, user: string, message: Message) {
  if (message.kind === 'event') return wire.event(user, message.type, saidOf(message));
  return wire.points(user, message.points.map(saidOf));
}

function saidOf({ at, place, ...more }: Point | Extract<Message, { kind: 'event' }>): Said {
  return { place, timestamp: at, ...('accuracy' in more && { accuracy: more.accuracy }) };
}
