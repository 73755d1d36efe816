/** What finalize and cancel mean (trip rule 19). */

import { cancel, end, finalize, t } from '../../support/machine.ts';
import { askable, places, drive, driven, standing, atSchool, wentStale, type Row } from './rows.ts';

export const OVER_ROWS: Record<string, Row> = {
  '19: nothing to finalize': { given: [], when: finalize('08:00'), phase: 'idle', reply: 'no_active_trip' },
  '19: with a position it ends at its own time': {
    given: drive,
    when: finalize('09:30', { km: 20 }),
    phase: 'idle',
    reply: 'finished',
    trips: [{ endedAt: t('09:30'), closedBy: 'finalize' }],
  },
  '19: or when the trip was alive 10 min before': {
    given: drive,
    when: finalize('08:30'),
    phase: 'idle',
    reply: 'finished',
    trips: [{ endedAt: t('08:30') }],
  },
  '19: else at the last sign of life': {
    given: drive,
    when: finalize('08:30:01'),
    phase: 'idle',
    reply: 'finished',
    trips: [{ endedAt: t('08:20') }],
  },
  '19: what waits for its car is finished at once': {
    given: driven,
    when: finalize('08:35'),
    phase: 'idle',
    reply: 'finished',
    trips: [{ endedAt: t('08:30'), odometerPending: true }],
    rules: askable,
  },
  '19: a pause by the car': {
    given: standing,
    when: finalize('08:36'),
    phase: 'idle',
    reply: 'finished',
    trips: [{ endedAt: t('08:31') }],
    rules: askable,
  },
  '19: a pause at a stop': {
    given: atSchool,
    when: finalize('08:36'),
    phase: 'idle',
    reply: 'finished',
    trips: [{ endedAt: t('08:10'), closedBy: 'stop' }],
    rules: places,
  },
  '19: a stale trip is not open': {
    given: wentStale,
    when: finalize('10:30'),
    phase: 'stale',
    reply: 'no_active_trip',
  },

  '19: nothing to cancel': { given: [], when: cancel('08:00'), phase: 'idle', reply: 'no_active_trip' },
  '19: cancel while driving': {
    given: drive,
    when: cancel('08:25'),
    phase: 'idle',
    reply: 'cancelled',
    discards: ['cancelled'],
    trips: [],
  },
  '19: an end in the span a cancel struck out is nothing': {
    given: [...drive, cancel('08:25')],
    when: end('08:22', { km: 14 }),
    phase: 'idle',
    reply: 'no_active_trip',
    trips: [],
  },
  '19: cancel while the car is waited for': {
    given: driven,
    when: cancel('08:31'),
    phase: 'idle',
    reply: 'cancelled',
    discards: ['cancelled'],
    rules: askable,
  },
  '19: cancel a pause by the car': {
    given: standing,
    when: cancel('08:36'),
    phase: 'idle',
    reply: 'cancelled',
    discards: ['cancelled'],
    rules: askable,
  },
  '19: cancel a pause at a stop': {
    given: atSchool,
    when: cancel('08:36'),
    phase: 'idle',
    reply: 'cancelled',
    discards: ['cancelled'],
    rules: places,
  },
  '19: a stale trip cannot be cancelled': {
    given: wentStale,
    when: cancel('10:30'),
    phase: 'stale',
    reply: 'no_active_trip',
  },
};
