/** How often properties run: the same few everywhere, so that a red is about the change; many new ones in the long runs. */

import type { Parameters } from 'fast-check';

const SEED = 20_260_301;

export type Runs = Pick<Parameters<unknown>, 'seed'> & { readonly numRuns: number };

export function runs(few: number, many: number): Runs {
  return process.env['LONG'] ? { numRuns: many } : { numRuns: few, seed: SEED };
}
