/** The page of the demo's simulated car, over real HTTP. */

import { describe, expect, test } from 'vitest';
import { DEMO_USER } from '../../scripts/demo/household.ts';
import { connectCar } from '../../src/actions/connections.ts';
import type { CarWire } from '../../src/http/wire/cars.ts';
import { testApp } from '../support/app.ts';
import { readAll } from '../support/asking.ts';
import { openDemo } from '../support/demo.ts';

const MINUTE = 60_000;

/** A card with its tags. */
function section(page: string, id: string): string {
  return new RegExp(`<section class="card" id="${id}">.*?</section>`, 's').exec(page)?.[0] ?? '';
}

/** Its text alone. */
function card(page: string, id: string): string {
  return section(page, id)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

describe('the page of the simulated car', () => {
  test('shows what it would answer, what is true, and what the service heard', async () => {
    const { page } = await openDemo();
    const shown = await page();
    expect(card(shown, 'answer')).toBe('It would answer now Odometer 41,230.0 km Place Home State stands As of 08:00');
    expect(card(shown, 'truth')).toBe('In truth Odometer 41,230.0 km Place Home State stands');
    expect(card(shown, 'service')).toMatch(/^What the service heard Not asked/);
    expect(shown).toContain('<h1>Simulated car · Golf</h1>');
  });

  test('speaks Dutch to who prefers it', async () => {
    const { page } = await openDemo();
    const shown = await page({ 'accept-language': 'nl-NL,nl;q=0.9,en;q=0.5' });
    expect(shown).toContain('<html lang="nl">');
    expect(card(shown, 'answer')).toBe(
      'Hij zou nu antwoorden Kilometerstand 41.230,0 km Plaats Home Toestand staat Stand van 08:00',
    );
  });

  test('has the policy of every page, no script, and lets its forms say where they come from', async () => {
    const { url, page } = await openDemo();
    const { headers } = await fetch(`${url}/simulator`);
    const home = await fetch(`${url}/`);
    expect(headers.get('content-security-policy')).toBe(home.headers.get('content-security-policy'));
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(await page()).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=/i);
  });

  test('is the demo’s alone', async () => {
    const { app } = testApp({ defaultUser: DEMO_USER });
    expect((await app.request('/simulator')).status).toBe(404);
    expect((await app.request('/simulator/lag', { method: 'POST' })).status).toBe(404);
  });

  test('says so when no car is simulated any more, and changes nothing then', async () => {
    const { deps, user, company, page, send } = await openDemo();
    await connectCar(deps, user, company.id, { provider: 'push' }, { kind: 'open' });
    expect(await page()).toContain('None of the cars is simulated any more.');
    expect((await send('lag', { minutes: '5' })).status).toBe(303);
    expect((await user.get('car', company.id))?.connection?.provider).toBe('push');
  });
});

describe('a form', () => {
  test('drives the car off at once, so far', async () => {
    const { clock, page, send } = await openDemo();
    const answer = await send('drive', { km: '12,5' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/simulator']);
    clock.advance(5 * MINUTE);
    expect(card(await page(), 'answer')).toContain('Odometer 41,235.0 km');
    expect(card(await page(), 'truth')).toContain('State drives Since 08:00');
    clock.advance(8 * MINUTE);
    expect(card(await page(), 'answer')).toContain('Odometer 41,242.5 km');
    expect(card(await page(), 'truth')).toMatch(/State stands Since 08:12$/);
  });

  test('lets a car that drives drive on when it has arrived', async () => {
    const { clock, page, send, settings } = await openDemo();
    await send('drive', { km: '10' });
    clock.advance(MINUTE);
    await send('drive', { km: '5' });
    const [first, second] = (await settings()).drives;
    expect(second?.startsAt).toBe((first?.startsAt ?? 0) + 10 * MINUTE);
    clock.advance(14 * MINUTE);
    expect(card(await page(), 'truth')).toMatch(/Odometer 41,245.0 km .* stands Since 08:15$/);
  });

  test('lets it lag', async () => {
    const { clock, page, send } = await openDemo();
    await send('drive', { km: '10' });
    await send('lag', { minutes: '4' });
    clock.advance(6 * MINUTE);
    const shown = await page();
    expect(card(shown, 'answer')).toMatch(/Odometer 41,232.0 km .* drives As of 08:02$/);
    expect(card(shown, 'truth')).toContain('Odometer 41,236.0 km');
    expect(shown).toMatch(/id="minutes"[^>]*value="4"/);
  });

  test.each([
    ['unavailable', 'It would answer now It cannot be reached.'],
    ['rate_limited', 'It would answer now It was asked too often, and wants to be left alone.'],
    ['silent', 'It would answer now Nothing: it stays silent.'],
    ['wrong_unit', 'It would answer now Something nobody can be sure of.'],
    ['no_position', 'It would answer now Odometer 41,230.0 km Place none State stands As of 08:00'],
  ])('spoils its answers: %s', async (fault, expected) => {
    const { page, send, settings } = await openDemo();
    await send('fault', { fault, percent: '100' });
    const shown = await page();
    expect(card(shown, 'answer')).toBe(expected);
    expect(card(shown, 'truth')).toContain('Odometer 41,230.0 km');
    expect(shown).toContain(`<option value="${fault}" selected>`);
    await send('fault', { fault: 'none', percent: '100' });
    expect(card(await page(), 'answer')).toContain('Odometer 41,230.0 km Place Home');
    expect(await settings()).toMatchObject({ fault: 'none', faultShare: 0 });
  });

  test('spoils a share of them', async () => {
    const { page, send, settings } = await openDemo();
    await send('fault', { fault: 'unavailable', percent: '12.5' });
    expect((await settings()).faultShare).toBe(0.125);
    expect(await page()).toMatch(/id="percent"[^>]*value="12.5"/);
  });

  test('lets it sleep, and wakes it', async () => {
    const { clock, page, send } = await openDemo();
    await send('sleep', { asleep: 'yes' });
    expect(card(await page(), 'answer')).toBe('It would answer now Nothing: it sleeps.');
    expect(card(await page(), 'truth')).toContain('State sleeps');
    await send('drive', { km: '1' });
    expect(card(await page(), 'truth')).toContain('State drives');
    expect(card(await page(), 'sleep')).toContain('It falls asleep when it has stood for a minute.');
    clock.advance(2 * MINUTE);
    expect(card(await page(), 'truth')).toContain('State sleeps');
    await send('sleep', { asleep: 'no' });
    expect(card(await page(), 'answer')).toContain('State stands');
  });

  test('does what the API does: the car is connected anew, in the feed, and tested with the same answer', async () => {
    const { company, url, send } = await openDemo();
    await send('lag', { minutes: '0' });
    const cars = await readAll<CarWire>(url, '/cars');
    expect(cars.find(({ id }) => id === company.id)?.connection).toMatchObject({ provider: 'simulator', state: 'ok' });
    const [newest] = await readAll<{ kind: string; noun: string }>(url, '/activity');
    expect(newest).toMatchObject({ kind: 'changed', noun: 'car' });
    const tested = await fetch(`${url}/cars/${company.id}/connection/test`, { method: 'POST' });
    expect(await tested.json()).toMatchObject({ ok: true, odometer_km: 41_230, state: 'parked' });
  });

  test.each<[string, Record<string, string>, string]>([
    ['drive', {}, 'Kilometres'],
    ['drive', { km: '' }, 'Kilometres'],
    ['drive', { km: '0' }, 'Kilometres'],
    ['drive', { km: '-3' }, 'Kilometres'],
    ['drive', { km: '501' }, 'Kilometres'],
    ['drive', { km: '1e2' }, 'Kilometres'],
    ['drive', { km: 'far' }, 'Kilometres'],
    ['lag', { minutes: '61' }, 'Minutes'],
    ['lag', { minutes: 'Infinity' }, 'Minutes'],
    ['fault', { fault: 'flat_tyre', percent: '5' }, 'Kind'],
    ['fault', { fault: 'unavailable', percent: '101' }, 'Per cent'],
    ['fault', { fault: 'unavailable' }, 'Per cent'],
    ['sleep', { asleep: 'maybe' }, 'Either'],
    ['sleep', {}, 'Either'],
  ])('with something wrong in it, %s %j, says where and changes nothing', async (wish, fields, named) => {
    const { send, settings } = await openDemo();
    const before = await settings();
    const answer = await send(wish, fields);
    expect(answer.status).toBe(400);
    const said = /<p class="bad" role="alert">([^<]*)<\/p>/.exec(section(await answer.text(), wish));
    expect(said?.[1]?.startsWith(named)).toBe(true);
    expect(await settings()).toEqual(before);
  });

  test('shows again what was typed, and as text', async () => {
    const { send } = await openDemo();
    const shown = await (await send('drive', { km: '"><b>9</b>' })).text();
    expect(shown).toContain('value="&quot;&gt;&lt;b&gt;9&lt;/b&gt;"');
    expect(shown).not.toContain('<b>9');
    expect(shown.match(/aria-invalid="true"/g)).toHaveLength(1);
  });

  test.each<[string, Record<string, string>]>([
    ['of another site', { origin: 'https://elsewhere.example' }],
    ['of another port', { origin: 'http://127.0.0.1:1' }],
    ['of nowhere', { origin: 'null' }],
    ['that does not say whose it is', {}],
    ['of another site that hides its name', { 'sec-fetch-site': 'cross-site' }],
  ])('%s changes nothing', async (_whose, headers) => {
    const { send, settings } = await openDemo();
    const before = await settings();
    expect((await send('lag', { minutes: '5' }, headers)).status).toBe(403);
    expect(await settings()).toEqual(before);
  });

  test('sent twice at once counts twice, and neither undoes the other', async () => {
    const { send, settings } = await openDemo();
    await Promise.all([send('drive', { km: '3' }), send('drive', { km: '4' }), send('lag', { minutes: '2' })]);
    const { drives, lagMs } = await settings();
    expect(drives.map((drive) => drive.distanceMetres).toSorted((a, b) => a - b)).toEqual([3_000, 4_000]);
    expect(lagMs).toBe(2 * MINUTE);
  });
});
