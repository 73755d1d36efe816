/** A scene whose installation looks addresses and routes up with two local servers; waiting moves the scene's clock. */

import { pollAll } from '../../src/actions/poll.ts';
import type { Deps } from '../../src/actions/deps.ts';
import { nominatimGeocoder } from '../../src/adapters/nominatim/geocoder.ts';
import { osrmRouter } from '../../src/adapters/osrm/router.ts';
import { webWith } from '../../src/adapters/system/web.ts';
import type { Trip } from '../../src/domain/trips.ts';
import type { Services } from '../../src/seams/services.ts';
import { tripsOf } from './book.ts';
import type { VirtualClock } from './clock.ts';
import type { Scene } from './stage.ts';
import { reversed, routed, STATION, webService, type WebService } from './web-service.ts';
import { actionsWire, type Wire } from './wires.ts';

const MINUTE = 60_000;

export interface Local {
  readonly geocoder: WebService;
  readonly router: WebService;
  /** Instants of all calls. */
  readonly at: { readonly geocoder: number[]; readonly router: number[] };
  readonly services: Services;
}

/** Every place is the station, and every way 12.3 km, until told otherwise. */
export async function localServices(clock: VirtualClock): Promise<Local> {
  const at = { geocoder: [] as number[], router: [] as number[] };
  const geocoder = await webService(() => ({ body: reversed(STATION) }));
  const router = await webService(() => ({ body: routed(12_300) }));
  const web = webWith({ userAgent: 'test/1', limitMs: 1_000 });
  const known = nominatimGeocoder(geocoder.base, web, clock);
  const roads = osrmRouter(router.base, web, clock);
  const services: Services = {
    geocoder: {
      ...known,
      reverse: (...asked) => {
        at.geocoder.push(clock.now());
        return known.reverse(...asked);
      },
    },
    router: {
      ...roads,
      route: (...asked) => {
        at.router.push(clock.now());
        return roads.route(...asked);
      },
    },
    wait: async (ms) => clock.advance(ms),
    isEnding: () => false,
  };
  return { geocoder, router, at, services };
}

export interface Looking extends Omit<Scene, 'wire'>, Local {
  readonly deps: Deps;
  readonly wire: Wire;
  trips(): Promise<Trip[]>;
  /** One round, so many minutes later. */
  round(minutes?: number, daily?: boolean): Promise<void>;
}

export async function lookingUp(
  one: Scene,
  change: (services: Services) => Services = (same) => same,
): Promise<Looking> {
  const local = await localServices(one.clock);
  const deps: Deps = { ...one.deps, services: change(local.services) };
  const round = async (minutes = 1, daily = false) => {
    one.clock.advance(minutes * MINUTE);
    const { failed, remaining } = await pollAll(deps, { daily });
    if (failed + remaining > 0) throw new Error(`${failed} users failed, ${remaining} were not served`);
  };
  const trips = () => tripsOf(deps.store.forUser(one.user));
  return { ...one, ...local, deps, wire: actionsWire(deps), trips, round };
}
