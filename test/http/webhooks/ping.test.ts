import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Problem } from '../../../src/domain/problem.ts';
import { quickPing } from '../../../src/http/webhooks/quick.ts';
import { readPing, slowPing } from '../../../src/http/webhooks/said.ts';
import type { SaidRequest } from '../../../src/http/webhooks/requests.ts';
import { runs } from '../../support/runs.ts';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

function request(body: string, contentType = JSON_TYPE, query = ''): SaidRequest {
  return { contentType, query, body, eventId: null, tokenCarId: null };
}

const ping = (body: unknown, contentType = JSON_TYPE) =>
  readPing(request(typeof body === 'string' ? body : JSON.stringify(body), contentType));

const point = (lat: number, lng: number, seconds: number | null = null) => ({
  lat,
  lng,
  accuracyMetres: null,
  speedKmh: null,
  time: seconds === null ? null : { kind: 'instant', at: seconds * 1000 },
});

const points = (count: number) => Array.from({ length: count }, () => ({ lat: 52.37, lng: 4.89 }));

function refusal(body: string, contentType?: string, query?: string): unknown {
  try {
    readPing(request(body, contentType, query));
    return null;
  } catch (error) {
    return error;
  }
}

describe('a ping', () => {
  it('holds one point', () => {
    expect(ping({ lat: 52.37, lng: 4.89, timestamp: 1795239890 })).toEqual({
      isBatch: false,
      said: {
        points: [point(52.37, 4.89, 1795239890)],
        unreadable: 0,
        carId: null,
        device: null,
        tokenCarId: null,
        warnings: [],
      },
    });
  });

  it('holds none when its position cannot be read', () => {
    expect(ping({ lat: 'Damrak 1', car: 'Golf' })).toMatchObject({
      isBatch: false,
      said: { points: [], unreadable: 0, device: 'Golf', warnings: ['location_is_address'] },
    });
    expect(ping('{"lat": ,').said).toMatchObject({ points: [], warnings: ['body_unreadable', 'no_location'] });
  });

  it('holds many', () => {
    const sent = [
      { lat: 52.37, lng: 4.89, timestamp: 1795239890 },
      { Latitude: '52,38', lon: '4.90', ts: '1795239891', accuracy_m: '9' },
      { location: '52.39,4.91' },
      '52.40,4.92',
      '{"lat":52.41,"lng":4.93}',
    ];
    expect(ping({ points: sent, device: 'Golf' })).toEqual({
      isBatch: true,
      said: {
        points: [
          point(52.37, 4.89, 1795239890),
          { ...point(52.38, 4.9, 1795239891), accuracyMetres: 9 },
          point(52.39, 4.91),
          point(52.4, 4.92),
          point(52.41, 4.93),
        ],
        unreadable: 0,
        carId: null,
        device: 'Golf',
        tokenCarId: null,
        warnings: [],
      },
    });
  });

  test.each<[string, unknown, string]>([
    [
      'a bare list',
      [
        { lat: 52.37, lng: 4.89 },
        { lat: 52.38, lng: 4.9 },
      ],
      JSON_TYPE,
    ],
    ['a list in a text', { points: '[{"lat":52.37,"lng":4.89},{"lat":52.38,"lng":4.9}]' }, JSON_TYPE],
    [
      'under data',
      {
        data: {
          points: [
            { lat: 52.37, lng: 4.89 },
            { lat: 52.38, lng: 4.9 },
          ],
        },
      },
      JSON_TYPE,
    ],
    ['a form', 'points=[{"lat":52.37,"lng":4.89},{"lat":52.38,"lng":4.9}]', FORM_TYPE],
  ])('holds them as %s too', (_, body, contentType) => {
    const read = ping(body, contentType);
    expect(read.isBatch).toBe(true);
    expect(read.said.points).toEqual([point(52.37, 4.89), point(52.38, 4.9)]);
  });

  it('holds them as one object that is no list', () => {
    expect(ping({ points: { lat: 52.37, lng: 4.89 } })).toMatchObject({
      isBatch: true,
      said: { points: [{ lat: 52.37 }] },
    });
  });

  it('counts points nobody can read and says each reason once', () => {
    expect(
      ping({ points: [null, 7, [], {}, { lat: 0, lng: 0 }, { lat: 1 }, { lat: 52.37, lng: 4.89 }] }),
    ).toMatchObject({
      isBatch: true,
      said: {
        points: [{ lat: 52.37 }],
        unreadable: 6,
        warnings: ['no_location', 'location_unreadable', 'null_island', 'partial_location'],
      },
    });
  });

  it('an empty batch is a batch', () => {
    expect(ping({ points: [] })).toMatchObject({
      isBatch: true,
      said: { points: [], unreadable: 0, warnings: ['no_location'] },
    });
  });

  it('an unset list is none', () => {
    expect(ping({ points: '', lat: 52.37, lng: 4.89 })).toMatchObject({
      isBatch: false,
      said: { points: [{ lat: 52.37 }] },
    });
  });

  test.each<[string, string]>([
    ['broken JSON with points', '{"points":[{"lat":52.37,"lng":]}'],
    ['a broken list', '[{"lat":52.37,'],
    ['points that are a number', '{"points":5}'],
    ['points that are a word', '{"points":"many"}'],
    ['more than 1,000 points', JSON.stringify({ points: points(1_001) })],
    ['more than 1,000 in a bare list', JSON.stringify(points(1_001))],
  ])('%s is refused by its field', (_, body) => {
    const problem = refusal(body);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ code: 'invalid_request', errors: [{ field: 'points' }] });
  });

  it('of exactly 1,000 points is accepted', () => {
    expect(ping({ points: points(1_000) }).said.points).toHaveLength(1_000);
  });
});

describe('the quick way', () => {
  const oddNumber = fc.oneof(
    fc.double({ min: -200, max: 200 }),
    fc.integer({ min: -200, max: 200 }),
    fc.double(),
    fc.constantFrom('52.37', '52,37', '', 'null', true, null, [52.37]),
  );
  const timestamp = fc.oneof(
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constantFrom('2026-11-21T05:44:50', '2026-11-21', ' 1795239890 ', 'null', '', null, true, [1795239890], {}),
    fc.double(),
    fc.integer({ min: 1.7e9, max: 1.8e9 }),
  );
  const body = fc.oneof(
    fc.record(
      {
        lat: oddNumber,
        lng: oddNumber,
        timestamp,
        accuracy_m: oddNumber,
        speed_kmh: oddNumber,
        device: fc.constantFrom('Golf', '', undefined),
        latitude: oddNumber,
        ['__proto__']: fc.constant({ lat: 1 }),
      },
      { requiredKeys: ['lat', 'lng'] },
    ),
    fc.record(
      {
        lat: fc.integer({ min: -91e8, max: 91e8 }).map((n) => n / 1e8),
        lng: fc.integer({ min: -181e8, max: 181e8 }).map((n) => n / 1e8),
        timestamp: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1.7e9, max: 1.8e9 }) }, timestamp),
        accuracy_m: fc.double({ min: -2, max: 100, noNaN: true }),
        speed_kmh: fc.double({ min: -2, max: 2_100, noNaN: true }),
      },
      { requiredKeys: ['lat', 'lng'] },
    ),
  );
  const query = fc.constantFrom(
    '',
    '',
    'user=a@b.nl',
    'user=a@b.nl&token=x',
    'token=x&',
    'user=a&device=Golf',
    'timestamp=1795239890',
    'accuracy_m=7',
    'user',
  );
  const type = fc.constantFrom(JSON_TYPE, JSON_TYPE, 'application/json; charset=utf-8', 'text/plain');

  it('reads exactly what the long way reads, or leaves it', () => {
    let quick = 0;
    fc.assert(
      fc.property(body, query, type, (value, search, contentType) => {
        const one = request(JSON.stringify(value), contentType, search);
        const read = quickPing(one);
        if (read === null) return;
        quick += 1;
        expect({ said: read, isBatch: false }).toEqual(slowPing(one));
        expect(readPing(one)).toEqual(slowPing(one));
      }),
      runs(2_000, 20_000),
    );
    expect(quick).toBeGreaterThan(200);
  });

  it('is taken by the ping that nearly all requests are', () => {
    const usual = '{"lat":52.370216,"lng":4.895168,"timestamp":"2026-11-21T05:44:50Z","accuracy_m":12}';
    expect(quickPing(request(usual, JSON_TYPE, 'user=jan@example.nl'))).not.toBeNull();
  });

  it('reads points of a batch exactly as the long way reads a ping', () => {
    fc.assert(
      fc.property(body, (value) => {
        const alone = slowPing(request(JSON.stringify(value)));
        const batch = slowPing(request(JSON.stringify({ points: [value] })));
        expect(batch.said.points).toEqual(alone.said.points);
      }),
      runs(500, 5_000),
    );
  });
});

describe('whatever is sent', () => {
  const fragment = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"lat":',
    '"lng":',
    '52.37',
    ',',
    '"points":',
    '=',
    '&',
    '--q',
    '\r\n',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.array(fragment).map((parts) => parts.join('')),
  );
  const type = fc.oneof(
    fc.constantFrom(JSON_TYPE, FORM_TYPE, 'multipart/form-data; boundary=q', 'text/plain', ''),
    fc.string(),
  );

  it('a ping is read, with a point or a reason why there is none, or refused by its field', () => {
    fc.assert(
      fc.property(text, type, fc.string(), (body, contentType, query) => {
        const problem = refusal(body, contentType, query);
        const said = problem === null ? readPing(request(body, contentType, query)).said : null;
        const isRefused = problem instanceof Problem && problem.errors.length === 1;
        expect(isRefused || said?.points.length || said?.warnings.length).toBeTruthy();
      }),
      runs(1_000, 10_000),
    );
  });
});
