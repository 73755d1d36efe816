/** The one line a request leaves: who, what, outcome, how long. Never where, and no secret. */

import { describe, expect, it } from 'vitest';
import { JAN, PIET, testApp } from '../support/app.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('a log line', () => {
  it('says who, what and with which outcome', async () => {
    const service = testApp();
    await service.app.request(`/webhook/start?user=${JAN}`, { method: 'POST' });
    expect(service.log.lines).toHaveLength(1);
    expect(service.log.lines[0]).toMatchObject({
      severity: 'INFO',
      message: 'POST /webhook/start started',
      method: 'POST',
      route: '/webhook/start',
      status: 200,
      code: 'started',
      user: expect.stringMatching(/^u_[0-9a-f]{10}$/),
      request_id: expect.stringMatching(/^req_/),
      ms: expect.any(Number),
    });
  });

  it('names the route, not the path', async () => {
    const { app, log } = testApp();
    await app.request(`/trips/trip_unheard_of?user=${JAN}`);
    expect(log.lines[0]).toMatchObject({ route: '/trips/:id', code: 'not_found', severity: 'WARNING' });
    expect(JSON.stringify(log.lines)).not.toContain('trip_unheard_of');
  });

  it('tells users apart without naming them', async () => {
    const { app, log } = testApp();
    for (const user of [JAN, JAN, PIET]) await app.request(`/trips?user=${user}`);
    const [first, second, other] = log.lines.map(({ user }) => user);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
    expect(JSON.stringify(log.lines)).not.toMatch(/example\.nl/);
  });

  it('holds neither place, address nor query', async () => {
    const { app, log } = testApp();
    const place = { lat: 52.370216, lng: 4.895168, address: 'Damrak 1', name: 'Damrak', device: 'Golf van Jan' };
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(place) };
    await app.request(`/webhook/start?user=${JAN}&note=hidden`, init);
    await app.request(`/webhook/end?user=${JAN}&lat=52.370216&lng=4.895168`, { method: 'POST' });
    await app.request(`/locations?user=${JAN}&note=hidden`, init);
    expect(JSON.stringify(log.lines)).not.toMatch(/52\.37|4\.89|Damrak|Golf|hidden/);
    expect(log.lines).toHaveLength(3);
  });

  it.each([
    ['x-cloud-trace-context', `${TRACE}/123;o=1`],
    ['x-cloud-trace-context', TRACE],
    ['traceparent', `00-${TRACE}-00f067aa0ba902b7-01`],
  ])('belongs to its trace: %s %s', async (name, value) => {
    const { app, log } = testApp({ project: 'my-project' });
    await app.request('/health', { headers: { [name]: value } });
    expect(log.lines[0]?.['logging.googleapis.com/trace']).toBe(`projects/my-project/traces/${TRACE}`);
  });

  it('has no trace out of nonsense', async () => {
    const { app, log } = testApp({ project: 'my-project' });
    await app.request('/health', { headers: { 'x-cloud-trace-context': '"}{' } });
    expect(log.lines[0]?.['logging.googleapis.com/trace']).toBeUndefined();
  });
});

describe('the id of a request', () => {
  it('is the caller’s if it is sane, in the answer and in the log', async () => {
    const { app, log } = testApp();
    const response = await app.request('/health', { headers: { 'x-request-id': 'abc-123_x.y:z' } });
    expect(response.headers.get('x-request-id')).toBe('abc-123_x.y:z');
    expect(log.lines[0]?.['request_id']).toBe('abc-123_x.y:z');
  });

  it.each(['a'.repeat(65), 'a b', '"quoted"', '<script>'])('is ours instead of %s', async (theirs) => {
    const response = await testApp().app.request('/health', { headers: { 'x-request-id': theirs } });
    expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{20}$/);
  });

  it('stands on the answer to a phone too', async () => {
    const response = await testApp().app.request(`/webhook/start?user=${JAN}`, { method: 'POST' });
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  });
});
