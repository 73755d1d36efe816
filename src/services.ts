/** The services of the web this installation is set up with. A kind of service is a folder in `adapters`, and a line here. */

import { setTimeout as pause } from 'node:timers/promises';
import { nominatimGeocoder } from './adapters/nominatim/geocoder.ts';
import { osrmRouter } from './adapters/osrm/router.ts';
import { systemClock } from './adapters/system/clock.ts';
import { webWith } from './adapters/system/web.ts';
import type { Config } from './config.ts';
import type { Services } from './seams/services.ts';

/** Services are told which program asks and, where one can say so, which installation of it. */
export function servicesOf(
  { services, publicUrl }: Pick<Config, 'services' | 'publicUrl'>,
  version: string,
  ending: AbortSignal,
): Services {
  const { geocoder, router } = services;
  const web = webWith({ userAgent: `mileage-logbook/${version}${publicUrl === null ? '' : ` (+${publicUrl})`}` });
  return {
    geocoder: geocoder === null ? null : nominatimGeocoder(geocoder, web, systemClock),
    router: router === null ? null : osrmRouter(router, web, systemClock),
    wait: (ms) => pause(ms),
    isEnding: () => ending.aborted,
  };
}
