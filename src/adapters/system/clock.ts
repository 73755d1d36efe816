/** The machine's clock. */

import type { Clock } from '../../seams/clock.ts';

export const systemClock: Clock = { now: () => Date.now() };
