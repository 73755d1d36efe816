import { describe, expect, it, test } from 'vitest';
import type { Outcome } from '../../../src/actions/said.ts';
import type { Reply } from '../../../src/domain/events.ts';
import type { Language } from '../../../src/domain/settings.ts';
import type { Trip } from '../../../src/domain/trips.ts';
import { LONGEST_MESSAGE, messageOf, type Asked } from '../../../src/http/webhooks/messages.ts';
import { SENTENCES } from '../../../src/http/webhooks/sentences.ts';

const LANGUAGES: readonly Language[] = ['en', 'nl'];
const CODES: readonly Reply['code'][] = [
  'started',
  'resumed',
  'already_active',
  'recorded',
  'ending',
  'finished',
  'paused_at_stop',
  'discarded',
  'no_active_trip',
  'cancelled',
];
const ASKED: readonly Asked[] = [
  ...(['start', 'ping', 'end', 'finalize', 'cancel'] as const).map((type) => ({ type, isBatch: false })),
  { type: 'ping', isBatch: true },
];
const START: Asked = { type: 'start', isBatch: false };
const END: Asked = { type: 'end', isBatch: false };
const PING: Asked = { type: 'ping', isBatch: false };
const BATCH: Asked = { type: 'ping', isBatch: true };

const trip: Trip = {
  id: 'trip_1',
  carId: null,
  startedAt: Date.parse('2026-03-02T07:02:00Z'),
  endedAt: Date.parse('2026-03-02T07:31:00Z'),
  endedAtEstimated: false,
  timeZone: 'Europe/Amsterdam',
  from: null,
  to: null,
  stops: [],
  distanceMetres: 24_131,
  distanceSource: 'gps',
  startOdometerMetres: null,
  endOdometerMetres: null,
  startOdometerEstimated: false,
  odometerPending: false,
  gpsDistanceMetres: 24_131,
  routeDistanceMetres: null,
  type: 'B',
  businessMetres: 24_131,
  commute: false,
  classifiedBy: 'default',
  needsReview: true,
  reviewReasons: [],
  purpose: null,
  businessPartner: null,
  routeNote: null,
  detourMetres: null,
  notes: null,
  openedBy: 'phone',
  closedBy: 'phone',
  reconstructed: false,
  locked: false,
  setByUser: [],
  createdAt: 0,
  updatedAt: 0,
};

function outcome(code: Reply['code'], more: Partial<Outcome> = {}, duplicate = false): Outcome {
  return { reply: { code, tripId: 'trip_1', duplicate }, trip: null, warnings: [], accepted: 0, rejected: 0, ...more };
}

const TRIPS = [
  null,
  trip,
  { ...trip, distanceMetres: 9_999_999_999 },
  { ...trip, distanceMetres: 9_999_999_999, distanceSource: 'straight_line' as const, odometerPending: true },
  { ...trip, distanceMetres: 0, distanceSource: 'unknown' as const },
  { ...trip, endedAt: trip.startedAt + 90_000_000 },
];

describe('every message', () => {
  const warnings = [...Object.keys(SENTENCES.en.endings), 'timestamp_too_old', 'no_location', 'not_a_warning'];
  const everything = LANGUAGES.flatMap((language) =>
    ASKED.flatMap((asked) =>
      CODES.flatMap((code) =>
        [false, true].flatMap((duplicate) =>
          [[], ...warnings.map((warning) => [warning])].flatMap((given) =>
            TRIPS.flatMap((booked) =>
              [0, 1, 1_000].map((accepted) => {
                const more = { trip: booked, warnings: given, accepted, rejected: 1_000 - accepted };
                return messageOf(asked, outcome(code, more, duplicate), language);
              }),
            ),
          ),
        ),
      ),
    ),
  );
  const distinct = [...new Set(everything)];

  it('fits a notification', () => {
    expect(distinct.filter((message) => message.length > LONGEST_MESSAGE)).toEqual([]);
  });

  it('is one sentence', () => {
    expect(distinct.filter((message) => !/^[\p{Lu}\d][^!?\n]*[^.\s]\.$/u.test(message))).toEqual([]);
    expect(distinct.filter((message) => /\. [A-Z]|,\s*,|\s\s|undefined|null/.test(message))).toEqual([]);
  });
});

describe('a warning that asks something of the driver', () => {
  const told = LANGUAGES.flatMap((language) =>
    Object.entries(SENTENCES[language].endings).map(([warning, ending]) => ({ language, warning, ending })),
  );

  test.each(told)('is in the sentence: $language $warning', ({ language, warning, ending }) => {
    for (const code of ['started', 'resumed', 'finished', 'ending', 'discarded', 'paused_at_stop'] as const) {
      expect(messageOf(START, outcome(code, { trip, warnings: [warning] }), language)).toContain(ending);
    }
  });

  it('is told in both languages', () => {
    expect(Object.keys(SENTENCES.nl.endings)).toEqual(Object.keys(SENTENCES.en.endings));
  });

  it('of several the most pressing is told', () => {
    const warnings = ['timestamp_unreadable', 'location_out_of_range'];
    expect(messageOf(START, outcome('started', { warnings }), 'en')).toBe(
      'Your drive has started, but without a position: use Text for lat and lng.',
    );
  });
});

describe('what a driver reads', () => {
  test.each<[string, Asked, Outcome, string, string]>([
    ['a start', START, outcome('started'), 'Your drive has started.', 'Je rit is begonnen.'],
    [
      'a start again',
      START,
      outcome('already_active', {}, true),
      'Your drive had started already.',
      'Je rit was al begonnen.',
    ],
    ['a start on the way', START, outcome('already_active'), 'Your drive goes on.', 'Je rit gaat door.'],
    [
      'a trip',
      END,
      outcome('finished', { trip }),
      'Your drive of 24.1 km is in the book, 08:02 to 08:31.',
      'Je rit van 24,1 km staat in het boek, 08:02 tot 08:31.',
    ],
    [
      'a trip again',
      END,
      outcome('finished', { trip }, true),
      'Already noted: your drive of 24.1 km is in the book, 08:02 to 08:31.',
      'Al genoteerd: je rit van 24,1 km staat in het boek, 08:02 tot 08:31.',
    ],
    [
      'a long trip',
      END,
      outcome('finished', { trip: { ...trip, distanceMetres: 1_234_567 } }),
      'Your drive of 1,234.6 km is in the book, 08:02 to 08:31.',
      'Je rit van 1.234,6 km staat in het boek, 08:02 tot 08:31.',
    ],
    [
      'a guess',
      END,
      outcome('finished', { trip: { ...trip, distanceSource: 'straight_line' } }),
      'Your drive of ≈ 24.1 km is in the book, 08:02 to 08:31.',
      'Je rit van ≈ 24,1 km staat in het boek, 08:02 tot 08:31.',
    ],
    [
      'an unknown distance',
      END,
      outcome('finished', { trip: { ...trip, distanceSource: 'unknown' } }),
      'Your drive is in the book, its distance is still unknown.',
      'Je rit staat in het boek, de afstand is nog onbekend.',
    ],
    [
      'an odometer to come',
      END,
      outcome('finished', { trip: { ...trip, odometerPending: true } }),
      'Your drive of 24.1 km is in the book, its odometer follows.',
      'Je rit van 24,1 km staat in het boek, de kilometerstand volgt.',
    ],
    [
      'an end without a drive',
      END,
      outcome('no_active_trip'),
      'No drive was open, this end waits for your decision.',
      'Er was geen rit bezig, dit einde wacht op je beslissing.',
    ],
    [
      'an end of last week',
      END,
      outcome('no_active_trip', { warnings: ['timestamp_too_old'] }),
      'Too old to book by itself, this waits for your decision.',
      'Te oud om zelf te boeken, dit wacht op je beslissing.',
    ],
    [
      'a cancel without a drive',
      { type: 'cancel', isBatch: false },
      outcome('no_active_trip'),
      'No drive was open, so there is nothing to cancel.',
      'Er was geen rit bezig, dus er valt niets te annuleren.',
    ],
    ['a ping', PING, outcome('recorded', { accepted: 1 }), 'Position recorded.', 'Positie vastgelegd.'],
    ['a ping without a position', PING, outcome('recorded'), 'Your drive goes on.', 'Je rit gaat door.'],
    [
      'a batch',
      BATCH,
      outcome('recorded', { accepted: 12, rejected: 3, warnings: ['null_island'] }),
      '12 positions recorded, 3 left out.',
      '12 posities vastgelegd, 3 niet.',
    ],
    ['a batch of one', BATCH, outcome('recorded', { accepted: 1 }), '1 position recorded.', '1 positie vastgelegd.'],
    [
      'a batch at rest',
      BATCH,
      outcome('no_active_trip', { accepted: 12 }),
      'No drive is open, 12 positions are kept for a day.',
      'Er is geen rit bezig, 12 posities blijven een dag bewaard.',
    ],
  ])('%s', (_, asked, given, english, dutch) => {
    expect(messageOf(asked, given, 'en')).toBe(english);
    expect(messageOf(asked, given, 'nl')).toBe(dutch);
  });
});
