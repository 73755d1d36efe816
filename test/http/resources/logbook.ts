/** What the tests of the resources share: the service as users ask it, and trips booked as the rules would. */

import type { Deps } from '../../../src/actions/deps.ts';
import { bookTrips } from '../../../src/actions/book.ts';
import { BY_RULES } from '../../../src/domain/activity.ts';
import type { Trip } from '../../../src/domain/trips.ts';
import { JAN, testApp, type Parts, type TestApp } from '../../support/app.ts';
import type { VirtualClock } from '../../support/clock.ts';

export const NOW = Date.parse('2026-03-10T12:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks at whatever came
  readonly body: any;
}

export interface Logbook {
  readonly app: TestApp['app'];
  readonly deps: Deps;
  readonly clock: VirtualClock;
  readonly log: TestApp['log'];
  /** The file of its store. */
  readonly storePath: string;
  /** Asks as a user; a body is sent as JSON. */
  ask(user: string, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, user?: string): Promise<Answer>;
  book(...trips: readonly Trip[]): Promise<void>;
  bookFor(user: string, ...trips: readonly Trip[]): Promise<void>;
}

export function openLogbook(parts: Parts = {}): Logbook {
  const { app, deps, clock, log, path: storePath } = testApp({}, new Date(NOW).toISOString(), parts);
  const ask: Logbook['ask'] = async (user, method, path, body, headers = {}) => {
    const said = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const request = { method, headers: { 'x-user-email': user, ...type, ...headers }, ...said };
    return answerOf(await app.request(path, request));
  };
  const bookFor: Logbook['bookFor'] = (user, ...trips) =>
    deps.store.forUser(user).transact(function* (tx) {
      const bookings = trips.map((after) => ({ before: null, after }));
      yield* bookTrips(tx, bookings, BY_RULES, deps.ids, clock.now());
    });
  const book: Logbook['book'] = (...trips) => bookFor(JAN, ...trips);
  return { app, deps, clock, log, storePath, ask, bookFor, book, get: (path, user = JAN) => ask(user, 'GET', path) };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
}

export const fieldsOf = (answer: Answer): string[] => answer.body.errors.map(({ field }: { field: string }) => field);
