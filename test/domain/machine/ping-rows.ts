/** What a ping means (trip rules 3, 4, 9, 13, 14). */

import { ping, start, t, tick } from '../../support/machine.ts';
import { askable, places, drive, driven, standing, atSchool, wentStale, type Row } from './rows.ts';

export const PING_ROWS: Record<string, Row> = {
  '3: a ping while idle opens nothing': { given: [], when: ping('08:00', 0), phase: 'idle', reply: 'no_active_trip' },
  '3: a ping joins the trip': { given: drive, when: ping('08:25', 17), phase: 'driving', reply: 'recorded' },
  '13: after 2 h of silence a ping continues nothing': {
    given: drive,
    when: ping('10:20:01', 17),
    phase: 'stale',
    reply: 'no_active_trip',
    trips: [{ closedBy: 'stale', endedAt: t('08:20'), needsReview: true }],
  },
  '13: at 2 h it still does': { given: drive, when: ping('10:20', 17), phase: 'driving', reply: 'recorded' },
  '13: a phone that sent nothing may be silent for 12 h': {
    given: [start('08:00', { km: 0 })],
    when: ping('20:00', 17),
    phase: 'driving',
    reply: 'recorded',
  },
  '13: and not longer': {
    given: [start('08:00', { km: 0 })],
    when: ping('20:00:01', 17),
    phase: 'stale',
    reply: 'no_active_trip',
  },
  '4: a ping while the car is waited for': {
    given: driven,
    when: ping('08:31', 20),
    phase: 'ending',
    reply: 'recorded',
    rules: askable,
  },
  '9: a ping that moved continues a pause by the car': {
    given: standing,
    when: ping('08:36', 21),
    phase: 'driving',
    reply: 'recorded',
    rules: askable,
  },
  '9: a heartbeat at rest does not': {
    given: standing,
    when: ping('08:36', 20.05),
    phase: 'paused by the car',
    reply: 'recorded',
    rules: askable,
  },
  '14: a ping outside the radius goes on': {
    given: atSchool,
    when: ping('08:20', 5.3),
    phase: 'driving',
    reply: 'recorded',
    rules: places,
  },
  '14: one inside does not': {
    given: atSchool,
    when: ping('08:20', 5.1),
    phase: 'paused at a stop',
    reply: 'recorded',
    rules: places,
  },
  '13: a ping within 2 h of the last sign continues a stale trip': {
    given: [...drive, tick('10:20:01')],
    when: ping('10:20', 17),
    phase: 'driving',
    reply: 'recorded',
    trips: [],
  },
  '13: a later one does not': { given: wentStale, when: ping('10:22', 17), phase: 'stale', reply: 'no_active_trip' },
};
