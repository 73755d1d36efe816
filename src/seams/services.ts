/** The services of the web an installation may be set up with, and the patience to wait for one's turn. */

import type { Geocoder } from './geocoder.ts';
import type { Router } from './router.ts';

export interface Services {
  /** `null`: not set up. */
  readonly geocoder: Geocoder | null;
  readonly router: Router | null;
  wait(ms: number): Promise<void>;
  /** The program is about to end: nothing new is begun. */
  readonly isEnding: () => boolean;
}

/** Nothing is looked up. */
export const NO_SERVICES: Services = {
  geocoder: null,
  router: null,
  wait: () => Promise.resolve(),
  isEnding: () => false,
};
