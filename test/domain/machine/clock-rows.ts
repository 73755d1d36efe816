/** What time alone does (trip rules 4, 9, 11, 13, 14). */

import { ping, reading, start, t, tick } from '../../support/machine.ts';
import { one, askable, places, drive, driven, standing, atSchool, wentStale, type Row } from './rows.ts';

export const CLOCK_ROWS: Record<string, Row> = {
  '13: a tick while idle': { given: [], when: tick('08:00'), phase: 'idle' },
  '13: 2 h after the last sign it still drives': { given: drive, when: tick('10:20'), phase: 'driving' },
  '13: later it is stale': {
    given: drive,
    when: tick('10:20:01'),
    phase: 'stale',
    trips: [{ closedBy: 'stale', endedAt: t('08:20'), reviewReasons: ['stale', 'no_rule_matched'] }],
  },
  '13: a stale trip is never discarded': {
    given: [start('08:00', { km: 0 }), ping('08:04', 0.01), ping('08:08', 0.01)],
    when: tick('10:00:01'),
    phase: 'stale',
    trips: [{ closedBy: 'stale', distanceMetres: 0, distanceSource: 'unknown', needsReview: true }],
    discards: [],
  },
  '13: a silent phone has 12 h': { given: [start('08:00')], when: tick('20:00'), phase: 'driving' },
  '13: but not where its car can be asked': {
    given: [start('08:00')],
    when: tick('10:00:01'),
    phase: 'stale',
    rules: askable,
  },
  '13: silence counts from when a sign was received': {
    given: [start('08:00', { km: 0 }), ping('08:20', 13, 8, '11:00')],
    when: tick('13:00'),
    phase: 'driving',
  },
  '4: the car is waited for 20 min': { given: driven, when: tick('08:49:59'), phase: 'ending', rules: askable },
  '4/11: then the trip is finished from the phone': {
    given: driven,
    when: tick('08:50'),
    phase: 'idle',
    trips: [{ endedAt: t('08:30'), odometerPending: true, distanceSource: 'gps' }],
    rules: askable,
  },
  '9: nothing newer for the window and the waiting time': {
    given: standing,
    when: tick('09:04'),
    phase: 'idle',
    trips: [{ endedAt: t('08:31') }],
    rules: askable,
  },
  '9: not a second earlier': { given: standing, when: tick('09:03:59'), phase: 'paused by the car', rules: askable },
  '14: 2 h at a stop': {
    given: atSchool,
    when: tick('10:10'),
    phase: 'idle',
    trips: [{ endedAt: t('08:10'), closedBy: 'stop' }],
    rules: places,
  },
  '14: not a second earlier': { given: atSchool, when: tick('10:09:59'), phase: 'paused at a stop', rules: places },
  '13: a tick on a stale trip': { given: wentStale, when: tick('12:00'), phase: 'stale' },
  '11: an odometer is awaited for 24 h, and then no more': {
    given: [reading('07:00', { odometer: 1_000, state: 'parked' }), ...driven],
    when: tick('+1 08:30:01'),
    phase: 'idle',
    trips: [{ odometerPending: false, distanceSource: 'gps' }],
    rules: one,
  },
};
