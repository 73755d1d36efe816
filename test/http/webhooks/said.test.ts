import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readEvent } from '../../../src/http/webhooks/said.ts';
import type { SaidRequest } from '../../../src/http/webhooks/requests.ts';
import { runs } from '../../support/runs.ts';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

function request(body: string, contentType = JSON_TYPE, query = ''): SaidRequest {
  return { contentType, query, body, eventId: null, tokenCarId: null };
}

const said = (body: string, contentType = JSON_TYPE, query = '') =>
  readEvent(request(body, contentType, query), 'start');

const AMSTERDAM = { lat: 52.37, lng: 4.89, accuracyMetres: null, speedKmh: null };

function multipart(boundary: string, ...parts: string[]): string {
  return `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;
}

const LAT = 'Content-Disposition: form-data; name="lat"\r\n\r\n52.37';
const LNG = 'Content-Disposition: form-data; name="lng"\r\nContent-Type: text/plain\r\n\r\n4,89';
const FILE = 'Content-Disposition: form-data; name="lat"; filename="lat.txt"\r\nContent-Type: text/plain\r\n\r\n1';

describe('the same drive in every body a phone sends', () => {
  test.each<[string, string, string, string]>([
    // 29-31
    ['JSON', '{"lat":52.37,"lng":4.89}', JSON_TYPE, ''],
    ['JSON with a charset', '{"lat":52.37,"lng":4.89}', 'application/json; charset=utf-8', ''],
    ['JSON with a charset in capitals', '{"lat":52.37,"lng":4.89}', 'application/json;charset=UTF-8', ''],
    ['JSON with a byte order mark', '\ufeff{"lat":52.37,"lng":4.89}', JSON_TYPE, ''],
    ['JSON with space around', '\r\n {"lat":52.37,"lng":4.89} \n', JSON_TYPE, ''],
    // 33
    ['a list of one object', '[{"lat":52.37,"lng":4.89}]', JSON_TYPE, ''],
    // 35
    ['plain text', '{"lat":52.37,"lng":4.89}', 'text/plain', ''],
    ['no content type', ' {"lat":52.37,"lng":4.89}', '', ''],
    ['a form type with JSON inside, as curl -d sends it', '{"lat":52.37,"lng":4.89}', FORM_TYPE, ''],
    ['curly quotes of a phone keyboard', '{“lat”: “52,37”, „lng”: 4.89}', 'text/plain', ''],
    // 36
    ['a form', 'lat=52.37&lng=4.89', FORM_TYPE, ''],
    ['a form with commas, spaces and a trailing &', 'lat=52%2C37&lng=+4.89&', FORM_TYPE, ''],
    ['a form called JSON', 'lat=52.37&lng=4.89', JSON_TYPE, ''],
    ['multipart', multipart('XyZ', LAT, LNG), 'multipart/form-data; boundary=XyZ', ''],
    ['multipart, quoted boundary', multipart('Xy Z', LAT, LNG), 'multipart/form-data; boundary="Xy Z"', ''],
    ['multipart with a file', multipart('XyZ', LAT, FILE, LNG), 'multipart/form-data; boundary=XyZ', ''],
    ['multipart without its boundary', multipart('XyZ', LAT, LNG), 'multipart/form-data', ''],
    [
      'multipart with bare newlines',
      multipart('q', LAT, LNG).replaceAll('\r', ''),
      'multipart/form-data; boundary=q',
      '',
    ],
    ['multipart cut off at the end', multipart('q', LAT, LNG).slice(0, -9), 'multipart/form-data; boundary=q', ''],
    // 37
    ['the query', '', '', 'lat=52.37&lng=4.89'],
    ['the query beside an empty object', '{}', JSON_TYPE, 'lat=52,37&lng=4.89'],
    ['half of it in the query', '{"lat":52.37}', JSON_TYPE, 'lng=4.89'],
    ['the body against the query', '{"lat":52.37,"lng":4.89}', JSON_TYPE, 'lat=1&lng=2&latitude=3'],
    ['an unset variable in the body', '{"lat":"","lng":null}', JSON_TYPE, 'lat=52.37&lng=4.89'],
    ['the first of two in the query', '', '', 'lat=52.37&lng=4.89&lat=1&lng=2'],
    // 38
    ['JSON in JSON under body', '{"body":"{\\"lat\\":52.37,\\"lng\\":4.89}"}', JSON_TYPE, ''],
    ['JSON in JSON as a text', '"{\\"lat\\":52.37,\\"lng\\":4.89}"', JSON_TYPE, ''],
    ['data', '{"data":{"lat":52.37,"lng":4.89}}', JSON_TYPE, ''],
    ['location', '{"location":{"latitude":52.37,"longitude":4.89}}', JSON_TYPE, ''],
    ['data around location', '{"data":{"location":{"latitude":52.37,"longitude":4.89}}}', JSON_TYPE, ''],
    ['data holding a list of one', '{"data":[{"lat":52.37,"lng":4.89}]}', JSON_TYPE, ''],
    ['JSON in a form field', 'data=%7B%22lat%22%3A52.37%2C%22lng%22%3A4.89%7D', FORM_TYPE, ''],
    [
      'what is outside a wrapper against what is inside',
      '{"lat":52.37,"lng":4.89,"data":{"lat":1,"lng":2}}',
      JSON_TYPE,
      '',
    ],
    // 39
    ['keys with capitals and spaces', '{"Lat ":52.37," LNG":4.89}', JSON_TYPE, ''],
    // 40
    ['longer names', '{"latitude":52.37,"longitude":4.89}', JSON_TYPE, ''],
    ['lon', '{"lat":52.37,"lon":4.89}', JSON_TYPE, ''],
    ['long', '{"lat":52.37,"long":4.89}', JSON_TYPE, ''],
    ['Dutch names', '{"Breedtegraad":"52,37","Lengtegraad":"4,89"}', JSON_TYPE, ''],
    ['two names that agree', '{"lat":52.37,"latitude":"52.370","lng":4.89,"lon":"4.89"}', JSON_TYPE, ''],
    ['two names, one empty', '{"lat":"","latitude":52.37,"lng":null,"lon":4.89}', JSON_TYPE, ''],
    // 41, 42
    ['a key twice', '{"lat":1,"lat":52.37,"lng":4.89}', JSON_TYPE, ''],
    ['keys of prototypes', '{"__proto__":{"lat":1},"constructor":{"lng":2},"lat":52.37,"lng":4.89}', JSON_TYPE, ''],
    ['keys nobody knows', '{"lat":52.37,"lng":4.89,"battery":{"level":[1,2]},"":3}', JSON_TYPE, ''],
    // 50
    ['a pair', '{"location":"52.37,4.89"}', JSON_TYPE, ''],
    ['a pair as coords', '{"coords":"geo:52.37,4.89"}', JSON_TYPE, ''],
    ['a pair in the query', '', '', 'location=52.37,4.89'],
  ])('%s', (_, body, contentType, query) => {
    expect(said(body, contentType, query)).toMatchObject({ position: AMSTERDAM, warnings: [] });
  });

  it('a prototype is never reached', () => {
    said('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"data":{"__proto__":{"polluted":1}}}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(said('{"__proto__":{"lat":52.37,"lng":4.89}}').position).toBeNull();
  });
});

describe('a body that says less never costs the event', () => {
  test.each<[string, string, string, string[]]>([
    // 32
    ['nothing', '', '', ['no_location']],
    ['an empty object', '{}', JSON_TYPE, ['no_location']],
    // 33
    ['null', 'null', JSON_TYPE, ['body_ignored', 'no_location']],
    ['an empty text', '""', JSON_TYPE, ['body_ignored', 'no_location']],
    ['an empty list', '[]', JSON_TYPE, ['body_ignored', 'no_location']],
    ['a number', '5', JSON_TYPE, ['body_ignored', 'no_location']],
    ['a text', '"start"', JSON_TYPE, ['body_ignored', 'no_location']],
    ['a list of several', '[{"lat":52.37,"lng":4.89},{"lat":1,"lng":2}]', JSON_TYPE, ['body_ignored', 'no_location']],
    ['a list of a number', '[52.37]', JSON_TYPE, ['body_ignored', 'no_location']],
    // 34
    ['a missing variable', '{"lat": ,"lng":4.9}', JSON_TYPE, ['body_unreadable', 'no_location']],
    ['not JSON at all', '<xml/>', 'application/xml', ['body_unreadable', 'no_location']],
    ['half of it', '{"lat":52.37,"ln', JSON_TYPE, ['body_unreadable', 'no_location']],
    // 40
    ['two names that differ', '{"lat":52.37,"latitude":1,"lng":4.89}', JSON_TYPE, ['conflicting_fields']],
    [
      'two objects that differ',
      '{"lat":{"toString":1},"latitude":{"a":1}}',
      JSON_TYPE,
      ['conflicting_fields', 'location_unreadable'],
    ],
    ['an empty location', '{"location":{}}', JSON_TYPE, ['no_location']],
    // 51
    ['an address', '{"location":"Damrak 1\\n1012 LG Amsterdam"}', JSON_TYPE, ['location_is_address']],
    ['a whole multipart file', multipart('q', FILE), 'multipart/form-data; boundary=q', ['no_location']],
    ['a multipart of nothing', 'nothing', 'multipart/form-data', ['no_location']],
  ])('%s', (_, body, contentType, warnings) => {
    expect(said(body, contentType).warnings).toEqual(warnings);
  });

  it('two names that differ: the earlier one counts', () => {
    expect(said('{"latitude":1,"lat":52.37,"lng":4.89,"lon":2}').position).toEqual(AMSTERDAM);
    expect(said('{"time":"2026-11-21T05:44:50Z","ts":1795239890}')).toMatchObject({
      time: { kind: 'instant', at: 1795239890000 },
      warnings: ['no_location', 'conflicting_fields'],
    });
    expect(said('{"device":"Golf","car":"Polo"}').device).toBe('Polo');
  });

  it('an unreadable body leaves the query', () => {
    expect(said('{"lat": ', JSON_TYPE, 'lat=52.37&lng=4.89')).toMatchObject({
      position: AMSTERDAM,
      warnings: ['body_unreadable'],
    });
  });
});

describe('the rest of an event', () => {
  it('reads accuracy and speed however they are written, and knows when they are unknown', () => {
    const read = (accuracy: unknown, speed: unknown) =>
      said(JSON.stringify({ lat: 52.37, lng: 4.89, accuracy_m: accuracy, speed_kmh: speed }));
    expect(read('12,5', '61')).toMatchObject({ position: { accuracyMetres: 12.5, speedKmh: 61 }, warnings: [] });
    expect(read('12 m', '61 km/h').position).toMatchObject({ accuracyMetres: 12, speedKmh: 61 });
    expect(read(-1, -1)).toMatchObject({ position: { accuracyMetres: null, speedKmh: null }, warnings: [] });
    expect(read('', null)).toMatchObject({ position: { accuracyMetres: null, speedKmh: null }, warnings: [] });
    expect(read('good', true)).toMatchObject({
      position: { accuracyMetres: null, speedKmh: null },
      warnings: ['accuracy_unreadable', 'speed_unreadable'],
    });
    expect(read(1e300, 1e300).position).toMatchObject({ accuracyMetres: 1e6, speedKmh: null });
    expect(said('{"Accuracy":7,"lat":52.37,"lng":4.89}').position?.accuracyMetres).toBe(7);
  });

  test.each([
    ['device', 'device'],
    ['vehicle', 'device'],
    ['car', 'device'],
    ['auto', 'device'],
    ['car_id', 'carId'],
    ['Car ID', 'carId'],
    ['carId', 'carId'],
    ['event_id', 'eventId'],
    ['Event-Id', 'eventId'],
  ])('%s is read as %s', (key, field) => {
    expect(said(JSON.stringify({ [key]: ' Golf 🚗 ' }))).toMatchObject({ [field]: 'Golf 🚗' });
    expect(said(JSON.stringify({ [key]: 7 }))).toMatchObject({ [field]: '7' });
    expect(said(JSON.stringify({ [key]: ['Golf'] }))).toMatchObject({ [field]: 'Golf' });
    expect(said(JSON.stringify({ [key]: '(null)' }))).toMatchObject({ [field]: null });
  });

  it('labels that are no text leave a warning', () => {
    expect(said('{"car_id":{},"device":true,"event_id":[1,2],"lat":52.37,"lng":4.89}')).toMatchObject({
      carId: null,
      device: null,
      eventId: null,
      warnings: ['unknown_car', 'device_unreadable', 'event_id_unreadable'],
    });
  });

  it('labels are cut between characters and hold no half ones', () => {
    expect(said(JSON.stringify({ device: '🚗'.repeat(50) })).device).toBe('🚗'.repeat(32));
    expect(said(JSON.stringify({ device: `x${'🚗'.repeat(50)}` })).device).toBe(`x${'🚗'.repeat(31)}`);
    expect(said('{"device":"\\ud83d"}').device).toBe('\ufffd');
  });

  it('the event id of the body goes before that of the header', () => {
    expect(readEvent({ ...request('{"event_id":"body"}'), eventId: 'header' }, 'end').eventId).toBe('body');
    expect(readEvent({ ...request('{}'), eventId: 'header' }, 'end').eventId).toBe('header');
  });

  it('the timestamp goes by five names', () => {
    for (const name of ['timestamp', 'ts', 'time', 'tst', 'Date']) {
      expect(said(JSON.stringify({ [name]: '1795239890' })).time).toEqual({ kind: 'instant', at: 1795239890000 });
    }
    expect(said('{"timestamp":"21 nov 2026 om 05:44"}').time).toEqual({ kind: 'unreadable' });
    expect(said('{"timestamp":true}').time).toEqual({ kind: 'unreadable' });
    expect(said('{"timestamp":"(null)"}').time).toBeNull();
    expect(said('{"timestamp":["1795239890"]}').time).toEqual({ kind: 'instant', at: 1795239890000 });
    expect(said('', '', 'timestamp=2026-11-21T06:44:50+01:00').time).toEqual({ kind: 'instant', at: 1795239890000 });
  });

  it('remembers what was sent, but neither who sent it nor a token', () => {
    expect(said('{"lat":1,"lng":2}', JSON_TYPE, 'user=jan@example.nl&token=mlg_abc&lat=3').said).toBe(
      '{"lat":1,"lng":2}?lat=3',
    );
    expect(said('{"lat":1}', JSON_TYPE, 'user=jan@example.nl').said).toBe('{"lat":1}');
    expect(said('{"key":"mlg_abcdef0123"}').said).toBe('{"key":"mlg_…"}');
    expect(said('{"device":"My phone MLG_abcdef0123"}').device).toBe('My phone mlg_…');
    expect(said('{"car_id":"mlg_abcdef0123"}').carId).toBe('mlg_…');
  });

  it('remembers the same for the same multipart fields', () => {
    const one = said(multipart('one', LAT, LNG), 'multipart/form-data; boundary=one').said;
    const two = said(multipart('two', LAT, LNG), 'multipart/form-data; boundary=two').said;
    expect(one).toBe(two);
    expect(one).toBe('lat=52.37&lng=4%2C89');
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

  it('an event is read, with a position or a reason why there is none', () => {
    fc.assert(
      fc.property(text, type, fc.string(), (body, contentType, query) => {
        const event = said(body, contentType, query);
        expect(event.position !== null || event.warnings.length > 0).toBe(true);
      }),
      runs(1_000, 10_000),
    );
  });
});
