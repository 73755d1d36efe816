/** The events of the last two days as they came and as they were read: for whoever wonders what his phone sends. */

import type { JournalEntry } from '../domain/machine/state.ts';
import { LIMITS } from '../domain/settings.ts';
import type { UserStore } from '../seams/store.ts';
import type { Deps } from './deps.ts';
import { pageOf, type Page, type PageQuery } from './pages.ts';

export interface EventQuery extends PageQuery {
  /** A device name as the phone sends it; `null`: all. */
  readonly device: string | null;
}

/** By when they happened, newest first. One that came late is shown however old it is. */
export function listEvents(deps: Pick<Deps, 'clock'>, user: UserStore, query: EventQuery): Promise<Page<JournalEntry>> {
  const since = deps.clock.now() - LIMITS.sameBodyMs;
  const keep = ({ event }: JournalEntry) =>
    event.receivedAt >= since && (query.device === null || deviceOf(event) === query.device);
  return pageOf(user, 'event', { order: 'desc' }, query, keep);
}

export function deviceOf(event: JournalEntry['event']): string | null {
  return event.type === 'car_reading' ? null : event.car.device;
}
