/** The strict API of a user's own data, noun by noun. The caller is known before any of it runs. */

import { OpenAPIHono } from '@hono/zod-openapi';
import type { Deps } from '../../actions/deps.ts';
import type { KnownTokens } from '../../actions/known-tokens.ts';
import type { Env } from '../env.ts';
import type { HttpOptions } from '../options.ts';
import { activityRoutes } from './activity.ts';
import { budgetRoutes } from './budget.ts';
import { carRoutes } from './cars.ts';
import { connectionRoutes } from './connections.ts';
import { eventRoutes } from './events.ts';
import { locationMapRoutes } from './location-map.ts';
import { locationRoutes } from './locations.ts';
import { accountRoutes, ownAccount } from './me.ts';
import { monthRoutes } from './months.ts';
import { odometerCheckRoutes } from './odometer-check.ts';
import { rateRoutes } from './rates.ts';
import { readingRoutes } from './odometer-readings.ts';
import { placeRoutes } from './places.ts';
import { reportRoutes } from './reports.ts';
import { reviewRoutes } from './review.ts';
import { ruleRoutes } from './rules.ts';
import { settingsRoutes } from './settings.ts';
import { statsRoutes } from './stats.ts';
import { ownTokens, tokenRoutes } from './tokens.ts';
import { trackRoutes } from './tracks.ts';
import { tripImportRoutes } from './trip-import.ts';
import { tripPartRoutes } from './trip-parts.ts';
import { tripRoutes } from './trips.ts';
import { bulkRoutes } from './trips-bulk.ts';

export function resourceRoutes(
  deps: Deps,
  known: KnownTokens,
  options: Pick<HttpOptions, 'auth' | 'version'>,
): OpenAPIHono<Env> {
  const routes = new OpenAPIHono<Env>();
  routes.use('/tokens/*', ownTokens(deps.store.tokens, known));
  routes.use('/me/*', ownAccount(deps, known));
  routes.route('/', tripRoutes(deps));
  routes.route('/', bulkRoutes(deps));
  routes.route('/', tripPartRoutes(deps));
  routes.route('/', tripImportRoutes(deps));
  routes.route('/', trackRoutes());
  routes.route('/', locationRoutes(deps));
  routes.route('/', locationMapRoutes(deps));
  routes.route('/', placeRoutes(deps));
  routes.route('/', carRoutes(deps));
  routes.route('/', connectionRoutes(deps));
  routes.route('/', readingRoutes(deps));
  routes.route('/', odometerCheckRoutes(deps));
  routes.route('/', monthRoutes(deps));
  routes.route('/', statsRoutes(deps));
  routes.route('/', budgetRoutes(deps));
  routes.route('/', rateRoutes(deps));
  routes.route('/', reportRoutes(deps));
  routes.route('/', settingsRoutes(deps));
  routes.route('/', activityRoutes(deps));
  routes.route('/', reviewRoutes(deps));
  routes.route('/', ruleRoutes(deps));
  routes.route('/', eventRoutes(deps));
  routes.route('/', tokenRoutes(deps));
  routes.route('/', accountRoutes(deps, options));
  return routes;
}
