import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JAN, testApp } from '../../support/app.ts';
import { runs } from '../../support/runs.ts';

const SENSIBLE_CODES =
  /^(started|resumed|already_active|recorded|ending|finished|paused_at_stop|discarded|no_active_trip|cancelled)$/;

const key = fc.oneof(
  fc.constantFrom(
    'lat',
    'Lng ',
    'latitude',
    'timestamp',
    'ts',
    'device',
    'car_id',
    'event_id',
    'points',
    'location',
    'data',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'accuracy_m', 'speed_kmh', ''),
  fc.string(),
);
const value = fc.oneof(
  fc.constantFrom<unknown>(
    52.37,
    '52,37',
    '4.89',
    0,
    null,
    '',
    'null',
    '52.37,4.89',
    'Damrak 1',
    true,
    [],
    {},
    '{"lat":1}',
  ),
  fc.integer({ min: 1_772_000_000, max: 1_772_500_000 }),
  fc.constantFrom<unknown>('2026-03-02T07:00:00Z', '2026-03-02T08:00', '2026-02-30T00:00:00Z', '2026-03-02', '25:00'),
  fc.double(),
  fc.string({ unit: 'binary', maxLength: 80 }),
);
const fields = fc.dictionary(
  key,
  fc.oneof(value, fc.dictionary(key, value, { maxKeys: 4 }), fc.array(value, { maxLength: 4 })),
  {
    maxKeys: 6,
  },
);
const body = fc.oneof(
  fields.map((object) => JSON.stringify(object)),
  fields.map((object) => JSON.stringify(JSON.stringify(object))),
  fc.array(fields, { maxLength: 3 }).map((points) => JSON.stringify({ points })),
  fields.map((object) => JSON.stringify(object).slice(0, -3)),
  fc.dictionary(fc.string(), fc.string()).map((form) => new URLSearchParams(form).toString()),
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
);
const headerText = fc.string({ maxLength: 30 }).filter((text) => /^[\x21-\x7e]*$/.test(text));
const headers = fc.record(
  {
    'content-type': fc.oneof(
      fc.constantFrom(
        'application/json',
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=q',
      ),
      headerText,
    ),
    'accept-language': fc.oneof(fc.constantFrom('nl', 'en,nl;q=0.5', 'nl;q=x'), headerText),
    'idempotency-key': headerText,
    'user-agent': headerText,
    accept: headerText,
  },
  { requiredKeys: [] },
);
const query = fc.oneof(
  fc.constant(''),
  fields.map(
    (object) =>
      `?${new URLSearchParams(Object.entries(object).map(([name, one]) => [name, typeof one === 'string' ? one : JSON.stringify(one)]))}`,
  ),
  fc.string({ unit: 'grapheme-ascii' }).map((text) => `?x=${text.replaceAll(/[#&]/g, '')}`),
);

interface Sent {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: string;
  readonly waitMs: number;
}

describe('whatever a phone posts', () => {
  const sent = fc.record({ body, headers, query, waitMs: fc.nat({ max: 900_000 }) });
  const service = () => {
    const { app, clock, deps } = testApp();
    const post = async (user: string, action: string, { body: text, headers: more, query: search, waitMs }: Sent) => {
      clock.advance(waitMs);
      const init = { method: 'POST', headers: { ...more, 'x-user-email': user }, body: text };
      const response = await app.request(`/webhook/${action}${search}`, init);
      return { status: response.status, body: JSON.parse(await response.text()) };
    };
    const kept = async (user: string) => {
      const rows = await deps.store.forUser(user).list('event', { order: 'asc', limit: 100 });
      return rows.length;
    };
    return { post, kept };
  };

  it('an event is accepted, answered in one short sentence, and kept', async () => {
    const { post, kept } = service();
    const events = fc.array(fc.tuple(fc.constantFrom('start', 'end', 'finalize', 'cancel'), sent), { maxLength: 8 });
    let drivers = 0;
    await fc.assert(
      fc.asyncProperty(events, async (all) => {
        drivers += 1;
        const user = `driver${drivers}@example.nl`;
        let repeats = 0;
        for (const [action, one] of all) {
          const { status, body: answer } = await post(user, action, one);
          expect({ status, ok: answer.ok }).toEqual({ status: 200, ok: true });
          expect(answer.code).toMatch(SENSIBLE_CODES);
          expect(answer.message.length).toBeLessThanOrEqual(110);
          if (answer.duplicate === true) repeats += 1;
        }
        const count = await kept(user);
        expect(count).toBeLessThanOrEqual(all.length);
        expect(count).toBeGreaterThanOrEqual(all.length - repeats);
      }),
      runs(100, 3_000),
    );
  });

  it('a ping is accepted or refused by its field', async () => {
    const { post } = service();
    await post(JAN, 'start', { body: '{}', headers: {}, query: '', waitMs: 0 });
    await fc.assert(
      fc.asyncProperty(sent, async (one) => {
        const { status, body: answer } = await post(JAN, 'ping', one);
        expect([200, 400]).toContain(status);
        expect(answer.ok).toBe(status === 200);
        expect(answer.errors?.[0]?.field).toBe(status === 200 ? undefined : 'points');
      }),
      runs(100, 3_000),
    );
  });
});
