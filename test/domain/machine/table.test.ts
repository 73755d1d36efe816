/** Every cell of the trip machine: what an event means in a phase. Rows carry the rule they show. */

import { describe, expect, it } from 'vitest';
import { TABLE } from '../../../src/domain/machine/table.ts';
import { context, nameOf, run, type Ran } from '../../support/machine.ts';
import { START_ROWS } from './start-rows.ts';
import { PING_ROWS } from './ping-rows.ts';
import { END_ROWS } from './end-rows.ts';
import { OVER_ROWS } from './over-rows.ts';
import { CAR_ROWS } from './car-rows.ts';
import { CLOCK_ROWS } from './clock-rows.ts';
import type { Row } from './rows.ts';

const ROWS: Record<string, Row> = {
  ...START_ROWS,
  ...PING_ROWS,
  ...END_ROWS,
  ...OVER_ROWS,
  ...CAR_ROWS,
  ...CLOCK_ROWS,
};

function ran({ given, when, rules = context() }: Row): Ran {
  return run([...given, when], rules);
}

describe('the table', () => {
  it.each(Object.entries(ROWS))('%s', (_, row) => {
    const result = ran(row);
    expect(result.phase).toBe(row.phase);
    if (row.reply !== undefined) {
      const { reply } = result;
      expect(reply && `${reply.code}${reply.duplicate ? '+' : ''}`).toBe(row.reply);
    }
    if (row.trips) expect(result.trips).toMatchObject(row.trips);
    if (row.discards) expect(result.discards).toEqual(row.discards);
    if (row.waiting) expect(result.waiting).toEqual(row.waiting);
    else expect(result.waiting.filter((reason) => reason !== 'suspicious_reading')).toEqual([]);
  });

  it('has a row for every cell', () => {
    const shown = new Set(Object.values(ROWS).map((row) => `${nameOf(ran(row).before)} × ${row.when.type}`));
    const phases = ['idle', 'driving', 'ending', 'paused by the car', 'paused at a stop', 'stale'];
    const cells = phases.flatMap((phase) => Object.keys(TABLE.idle).map((event) => `${phase} × ${event}`));
    expect(cells.filter((cell) => !shown.has(cell))).toEqual([]);
  });
});
