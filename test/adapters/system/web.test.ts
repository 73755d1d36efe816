/** Services of the web are asked for so long, for so much, and nowhere else. */

import { expect, test } from 'vitest';
import { webWith } from '../../../src/adapters/system/web.ts';
import { webService, type Answering } from '../../support/web-service.ts';

const web = webWith({ userAgent: 'mileage-logbook/1.2.3 (+https://km.example)', limitMs: 300, mostBytes: 10_000 });

async function asked(answer: Answering, path = '/') {
  const service = await webService(answer);
  const outcome = await web.get(`${service.base}${path}`, { 'x-more': 'yes' }, new AbortController().signal);
  return { ...service, outcome };
}

test('it says who asks, and hands on status, body and when to come back', async () => {
  const { outcome, asked: calls } = await asked(() => ({
    status: 429,
    headers: { 'retry-after': '30' },
    body: { message: 'Too Many Requests' },
  }));
  expect(outcome).toMatchObject({
    ok: true,
    value: { status: 429, body: { message: 'Too Many Requests' }, said: { retryAfter: '30' } },
  });
  expect(calls[0]?.headers).toMatchObject({
    'user-agent': 'mileage-logbook/1.2.3 (+https://km.example)',
    accept: 'application/json',
    'x-more': 'yes',
  });
});

test.each([
  ['no JSON', '<html>'],
  ['half of it', '{"a": '],
])('a body that is %s is none', async (_, body) => {
  const { outcome } = await asked(() => ({ body }));
  expect(outcome).toMatchObject({ ok: true, value: { status: 200, body: undefined } });
});

test('a redirect is not followed', async () => {
  const { outcome, asked: calls } = await asked(({ path }) =>
    path === '/' ? { status: 302, headers: { location: '/elsewhere' } } : { body: { stolen: true } },
  );
  expect(outcome).toMatchObject({ ok: true, value: { status: 302 } });
  expect(calls.map(({ path }) => path)).toEqual(['/']);
});

test.each<[string, Answering, RegExp]>([
  ['never answers', () => null, /within 300 ms/],
  ['stops in the middle', () => (response) => void response.writeHead(200).write('{"a": 1'), /within 300 ms/],
  ['hangs up', () => (response) => void response.destroy(), /cannot be reached/],
])('a service that %s has failed for now', async (_, answer, message) => {
  const { outcome } = await asked(answer);
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'transient', retryAt: null } });
  expect(outcome).toHaveProperty('failure.message', expect.stringMatching(message));
});

test('a body without an end is not read to its end', async () => {
  let sent = 0;
  const { outcome } = await asked(() => (response) => {
    response.writeHead(200);
    const more = (): void => {
      if (response.destroyed || sent > 50_000_000) return;
      sent += 5_000;
      response.write('x'.repeat(5_000), more);
    };
    more();
  });
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'protocol' } });
  expect(sent).toBeLessThan(50_000_000);
});

test('whoever asks may give up', async () => {
  const service = await webService(() => null);
  const outcome = await web.get(service.base, {}, AbortSignal.timeout(20));
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'transient', message: 'cannot be reached' } });
});

test('where nobody listens nothing is thrown', async () => {
  const outcome = await web.get('http://127.0.0.1:1/', {}, new AbortController().signal);
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'transient', message: 'cannot be reached' } });
});
