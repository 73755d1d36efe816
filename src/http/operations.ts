/** What machines ask a service: does it live, can it work, which one is it. No credential, and nobody's data. */

import { Hono, type Context } from 'hono';
import type { Deps } from '../actions/deps.ts';
import type { Env } from './env.ts';
import type { HttpOptions } from './options.ts';
import { schedulerVerdict } from './scheduler-identity.ts';

const ALIVE = ['/health', '/healthz'];
const READY = ['/ready', '/readyz'];
export const OPERATION_PATHS: readonly string[] = [...ALIVE, ...READY, '/version'];

export function operationRoutes(deps: Pick<Deps, 'store' | 'log'>, options: HttpOptions): Hono<Env> {
  const routes = new Hono<Env>();
  const version = { name: 'mileage-logbook', version: options.version };
  for (const path of ALIVE) routes.get(path, (c) => c.json({ ok: true }));
  for (const path of READY) {
    routes.get(path, async (c) => {
      const ready = await answers(deps);
      const details = (await isAtHome(c, options)) ? detailsOf(options, ready) : {};
      return c.json({ ok: ready, ...details }, ready ? 200 : 503);
    });
  }
  routes.get('/version', (c) => c.json(version));
  return routes;
}

async function answers({ store, log }: Pick<Deps, 'store' | 'log'>): Promise<boolean> {
  try {
    await store.check();
    return true;
  } catch (error) {
    log.write('ERROR', 'The store does not answer', { error });
    return false;
  }
}

/** Only who is at home learns what the service is made of: anybody in open mode, else the scheduler. */
async function isAtHome(c: Context<Env>, options: HttpOptions): Promise<boolean> {
  return options.auth === 'open' || (await schedulerVerdict(c, options))?.ok === true;
}

function detailsOf({ storeName, auth }: HttpOptions, ready: boolean): Readonly<Record<string, string>> {
  return { store: storeName, store_state: ready ? 'ok' : 'unreachable', auth };
}
