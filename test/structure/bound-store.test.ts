/**
 * Isolation by construction: what handles a request holds the caller's logbook and no way to another. The rows below
 * are checked by the compiler; the last test looks for who comes by a logbook at all.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { UserDeps, SharedDeps } from '../../src/actions/deps.ts';
import type { Env } from '../../src/http/env.ts';
import type { carRoutes } from '../../src/http/resources/cars.ts';
import type { connectionRoutes } from '../../src/http/resources/connections.ts';
import type { eventRoutes } from '../../src/http/resources/events.ts';
import type { locationRoutes } from '../../src/http/resources/locations.ts';
import type { readingRoutes } from '../../src/http/resources/odometer-readings.ts';
import type { settingsRoutes } from '../../src/http/resources/settings.ts';
import type { tripRoutes } from '../../src/http/resources/trips.ts';
import { ROOT } from '../support/programs.ts';

/** What a function that makes routes is handed. */
type Handed<F extends (deps: never) => unknown> = F extends (deps: infer D) => unknown ? D : never;

type HandedToResources =
  | Handed<typeof carRoutes>
  | Handed<typeof eventRoutes>
  | Handed<typeof locationRoutes>
  | Handed<typeof readingRoutes>
  | Handed<typeof settingsRoutes>
  | Handed<typeof tripRoutes>;

/** Never called: it need only be refused by the compiler, line by line. */
export function refusedByTheCompiler(
  resources: HandedToResources,
  connections: Handed<typeof connectionRoutes>,
  { store }: Env['Variables'],
  deps: UserDeps,
  shared: SharedDeps,
): void {
  // @ts-expect-error no handler of a resource holds the store of everybody
  void resources.store;
  // @ts-expect-error nor does an action that works on one logbook
  void deps.store;
  // @ts-expect-error whoever tests connections reaches what belongs to the installation, and no logbook
  void connections.store.forUser;
  // @ts-expect-error nor the tokens
  void shared.store.tokens;
  // @ts-expect-error nor who else there is
  void shared.store.users;
  // @ts-expect-error a logbook leads to no other
  void store.forUser;
  // @ts-expect-error and cannot be made to be somebody else's
  store.email = 'piet@example.nl';
  // @ts-expect-error a logbook is asked by kind and id; there is no place to name a user
  void store.get('trip', 'trip_1', 'piet@example.nl');
}

const HTTP = join(ROOT, 'src/http');

/** Where a request, or the page of a single installation, comes by a logbook; in a move the same caller comes by it again. */
const MAY_OPEN_A_LOGBOOK = ['callers.ts', 'home/routes.ts', 'moves.ts'];

describe('a logbook', () => {
  it('is opened where the caller is known, and nowhere else', () => {
    const files = readdirSync(HTTP, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const opening = files.filter((name) => /\bforUser\(/.test(readFileSync(join(HTTP, name), 'utf8')));
    expect(opening.toSorted()).toEqual(MAY_OPEN_A_LOGBOOK);
  });
});
