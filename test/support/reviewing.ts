/** A driver who settles what wants a decision: a phone, the hours of one day, and the service over HTTP. */

import { expect } from 'vitest';
import type { Position } from '../../src/domain/geo.ts';
import { openLogbook, type Logbook } from '../http/resources/logbook.ts';
import { JAN } from './app.ts';
import { tripsOf } from './book.ts';
import { north } from './places.ts';

export const DAY = '2026-03-10';
const at = (clock: string) => Date.parse(`${DAY}T${clock}:00Z`);

interface Said {
  readonly received?: string;
  readonly device?: string;
  readonly car_id?: string;
}

function assertSame(is: unknown, due: unknown): void {
  expect(is).toEqual(due);
}

/** A phone, a person and the hours of one day in UTC; the clock only moves on. */
export class Journey {
  readonly book: Logbook = openLogbook();

  async to(clock: string): Promise<void> {
    const { clock: now } = this.book;
    now.advance(Math.max(0, at(clock) - now.now()));
  }

  async say(action: string, clock: string, place: Position | null, { received, ...more }: Said = {}): Promise<string> {
    await this.to(received ?? clock);
    const stamped = { ...place, ...more, timestamp: `${DAY}T${clock}:00Z` };
    const answer = await this.ask('POST', `/webhook/${action}`, stamped);
    assertSame(answer.status, 200);
    return answer.body.code;
  }

  async follow(from: string, to: string, start: Position, kmPerMinute: number): Promise<void> {
    const [first, last] = [at(from) / 60_000, at(to) / 60_000];
    for (let minute = first; minute <= last; minute += 1) {
      const clock = new Date(minute * 60_000).toISOString().slice(11, 16);
      await this.say('ping', clock, north(start, (minute - first) * kmPerMinute));
    }
  }

  ask(method: string, path: string, body?: object) {
    return this.book.ask(JAN, method, path, body);
  }

  async car(name: string, more: object = {}): Promise<string> {
    return (await this.ask('POST', '/cars', { name, ...more })).body.id;
  }

  /** `id reason, reason`, but for trips that only lack a class. */
  async review(): Promise<string[]> {
    const { review } = (await this.book.get('/review')).body;
    const others = review.filter(({ id }: { id: string }) => id !== 'unclassified');
    return others.map(({ kind, reasons }: { kind: string; reasons: string[] }) => `${kind} ${reasons.join(' ')}`);
  }

  async entry(nth = 0) {
    const { review } = (await this.book.get('/review')).body;
    return review.filter(({ id }: { id: string }) => id !== 'unclassified')[nth];
  }

  async settle(body: object, nth = 0) {
    const entry = await this.entry(nth);
    const answer = await this.ask('POST', `/review/${entry.id}`, body);
    assertSame([answer.status, answer.text], [200, answer.text]);
    return answer.body;
  }

  /** `08:00–08:20 26 km straight_line ? reasons`, oldest first; the months add up to them. */
  async lines(): Promise<string[]> {
    const trips = await tripsOf(this.book.deps.store.forUser(JAN));
    const { total_km, trip_count } = (await this.book.get('/stats')).body;
    assertSame(trip_count, trips.length);
    assertSame(
      Math.round(total_km * 1_000),
      trips.reduce((sum, { distanceMetres }) => sum + distanceMetres, 0),
    );
    return trips.map(({ startedAt, endedAt, distanceMetres, distanceSource, reviewReasons }) => {
      const clock = (instant: number) => new Date(instant).toISOString().slice(11, 16);
      const reasons = reviewReasons.filter((reason) => reason !== 'no_rule_matched').map((reason) => ` ? ${reason}`);
      const km = Math.round(distanceMetres / 100) / 10;
      return `${clock(startedAt)}–${clock(endedAt)} ${km} km ${distanceSource}${reasons.join('')}`;
    });
  }

  async everything() {
    return {
      lines: await this.lines(),
      review: (await this.book.get('/review')).body,
      stats: (await this.book.get('/stats')).body,
    };
  }

  async undone(activityId: string) {
    const answer = await this.ask('POST', `/activity/${activityId}/undo`);
    assertSame([answer.status, answer.text], [200, answer.text]);
    return answer.body;
  }

  /** What the feed tells last. */
  async undoLast(): Promise<void> {
    const { activity } = (await this.book.get('/activity')).body;
    await this.undone(activity[0].id);
  }

  /** Undone leaves everything as it was before, undone again as it was after. */
  async proveUndo(activityId: string, before: object): Promise<void> {
    const after = await this.everything();
    const back = await this.undone(activityId);
    assertSame(bare(await this.everything()), bare(before));
    await this.undone(back.id);
    assertSame(bare(await this.everything()), bare(after));
  }
}

/** When something was last written is no part of what it says. */
const bare = (value: object): unknown =>
  JSON.parse(JSON.stringify(value, (name, part: unknown) => (name === 'updated_at' ? undefined : part)));

export async function atNoon(): Promise<Journey> {
  const jan = new Journey();
  await jan.to('12:00');
  return jan;
}
