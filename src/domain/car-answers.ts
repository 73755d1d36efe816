/** What a maker's service answered, made into readings the trip rules believe: units, sentinels, times. Pure. */

import type { DrivingState } from './events.ts';

/** An answer as it came, only taken apart. Nothing in it is trusted yet. */
export interface RawAnswer {
  readonly odometer: {
    readonly value: unknown;
    readonly unit: string | null;
    readonly observedAt: number | null;
  } | null;
  readonly position: { readonly lat: unknown; readonly lng: unknown; readonly observedAt: number | null } | null;
  readonly state: { readonly value: DrivingState; readonly observedAt: number | null } | null;
}
