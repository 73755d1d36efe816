import { describe, expect, it } from 'vitest';
import { JAN, PIET } from '../../support/app.ts';
import { contentOf, edited, exported, imported } from '../../support/exports.ts';
import { fieldsOf, openLogbook } from './logbook.ts';

const OWN = { valid_from: '2026-01-01', per: 'km', amount: 0.21, currency: 'EUR' };
const TIERED = {
  valid_from: '2026-04-06',
  valid_to: '2027-04-05',
  per: 'mi',
  amount: 0.45,
  currency: 'EUR',
  tiers: [{ over: 10_000, amount: 0.25 }],
  name: 'Contract',
};

function withRates() {
  const logbook = openLogbook();
  const put = (body: unknown, headers = {}) => logbook.ask(JAN, 'PUT', '/rates', body, headers);
  const addCar = async () => (await logbook.ask(JAN, 'POST', '/cars', { name: 'Golf' })).body.id as string;
  return { ...logbook, put, addCar };
}

describe('GET /rates', () => {
  it('of somebody who chose none are those of the country the zone lies in', async () => {
    const { get, ask } = withRates();
    expect((await get('/rates')).body).toMatchObject({
      scheme: 'NL',
      chosen: false,
      tax_year_from: '01-01',
      pays_commute: true,
      rates: [],
    });
    await ask(JAN, 'PATCH', '/settings', { time_zone: 'Europe/London' });
    expect((await get('/rates')).body).toMatchObject({ scheme: 'GB', chosen: false, tax_year_from: '04-06' });
    await ask(JAN, 'PATCH', '/settings', { time_zone: 'Europe/Berlin' });
    expect((await get('/rates')).body).toMatchObject({ scheme: 'own', chosen: false, rates: [] });
  });

  it('tell those that are built in, with the date they are valid from and where they were found', async () => {
    const { get } = withRates();
    const { built_in: builtIn } = (await get('/rates')).body;
    expect(builtIn).toHaveLength(13);
    expect(builtIn).toContainEqual({
      country: 'US',
      valid_from: '2022-07-01',
      valid_to: '2022-12-31',
      per: 'mi',
      amount: 0.625,
      currency: 'USD',
      tiers: [],
      source: 'journeypayroll.com, shawlocal.com',
    });
    expect(builtIn.at(-1)).toMatchObject({ country: 'GB', amount: 0.45, tiers: [{ over: 10_000, amount: 0.25 }] });
  });
});

describe('PUT /rates', () => {
  it('keeps what was chosen and written down, and answers it as GET does', async () => {
    const { put, get, addCar } = withRates();
    const car = await addCar();
    const answer = await put({ scheme: 'own', rates: [OWN, { ...TIERED, car_id: car }] });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ scheme: 'own', chosen: true });
    expect(answer.body.rates).toEqual([
      { ...OWN, valid_to: null, tiers: [], car_id: null, name: null },
      { ...TIERED, car_id: car },
    ]);
    const read = await get('/rates');
    expect(read.body).toEqual(answer.body);
    expect(read.headers.get('etag')).toBe(answer.headers.get('etag'));
    expect((await put({ scheme: 'US' })).body).toMatchObject({ scheme: 'US', chosen: true, rates: [] });
    expect((await get('/rates', PIET)).body).toMatchObject({ chosen: false, rates: [] });
  });

  it('is refused for rates that have changed meanwhile', async () => {
    const { put, get } = withRates();
    const etag = (await get('/rates')).headers.get('etag') ?? '';
    expect((await put({ scheme: 'own', rates: [OWN] }, { 'if-match': etag })).status).toBe(200);
    expect((await put({ scheme: 'US' }, { 'if-match': etag })).status).toBe(412);
    expect((await get('/rates')).body.scheme).toBe('own');
  });

  it('is one entry of the feed, undone and done again; the same once more is none', async () => {
    const { put, get, ask } = withRates();
    await put({ scheme: 'own', rates: [TIERED] });
    await put({ scheme: 'own', rates: [TIERED] });
    const { activity } = (await get('/activity')).body;
    expect(activity).toHaveLength(1);
    expect(activity[0]).toMatchObject({
      noun: 'rates',
      kind: 'changed',
      before: { scheme: null, rates: [] },
      after: { scheme: 'own', rates: [TIERED] },
    });
    const undone = await ask(JAN, 'POST', `/activity/${activity[0].id}/undo`);
    expect((await get('/rates')).body).toMatchObject({ scheme: 'NL', chosen: false, rates: [] });
    await ask(JAN, 'POST', `/activity/${undone.body.id}/undo`);
    expect((await get('/rates')).body).toMatchObject({ scheme: 'own', chosen: true, rates: [TIERED] });
  });

  it('stands in the way of undoing the one before', async () => {
    const { put, get, ask } = withRates();
    await put({ scheme: 'US' });
    await put({ scheme: 'GB' });
    const [, first] = (await get('/activity')).body.activity;
    const answer = await ask(JAN, 'POST', `/activity/${first.id}/undo`);
    expect([answer.status, answer.body.detail]).toEqual([409, expect.stringMatching(/^The rates were changed on /)]);
  });

  const rates = (change: object, ...more: object[]) => ({ scheme: 'own', rates: [{ ...OWN, ...change }, ...more] });

  it.each<[unknown, string[]]>([
    [{}, ['scheme']],
    [{ scheme: 'DE' }, ['scheme']],
    [{ scheme: 'own', rates: {} }, ['rates']],
    [{ scheme: 'own', rates: Array.from({ length: 51 }, () => OWN) }, ['rates']],
    [{ scheme: 'own', color: 1 }, ['color']],
    [{ scheme: 'own', rates: [{}] }, ['rates.0.valid_from', 'rates.0.per', 'rates.0.amount', 'rates.0.currency']],
    [rates({ valid_from: '2026-02-30' }), ['rates.0.valid_from']],
    [rates({ valid_to: 'later' }), ['rates.0.valid_to']],
    [rates({ valid_to: '2025-12-31' }), ['rates.0.valid_to']],
    [rates({ per: 'm' }), ['rates.0.per']],
    [rates({ amount: '0.21' }), ['rates.0.amount']],
    [rates({ amount: -0.01 }), ['rates.0.amount']],
    [rates({ amount: 1_000.01 }), ['rates.0.amount']],
    [rates({ amount: 0.123456 }), ['rates.0.amount']],
    [rates({ currency: 'eur' }), ['rates.0.currency']],
    [rates({ currency: 'XQZ' }), ['rates.0.currency']],
    [rates({ tiers: 1 }), ['rates.0.tiers']],
    [rates({ tiers: Array.from({ length: 11 }, (_, i) => ({ over: i + 1, amount: 0 })) }), ['rates.0.tiers']],
    [rates({ tiers: [{ over: 0, amount: 0.1 }] }), ['rates.0.tiers.0.over']],
    [rates({ tiers: [{ over: 10.5, amount: 0.1 }] }), ['rates.0.tiers.0.over']],
    [rates({ tiers: [{ over: 10, amount: 'x' }] }), ['rates.0.tiers.0.amount']],
    [
      rates({
        tiers: [
          { over: 10, amount: 0.1 },
          { over: 10, amount: 0 },
        ],
      }),
      ['rates.0.tiers.1.over'],
    ],
    [rates({ car_id: 'a b' }), ['rates.0.car_id']],
    [rates({ name: 'x'.repeat(101) }), ['rates.0.name']],
    [rates({ source: 'me' }), ['rates.0.source']],
    [rates({}, { ...OWN, valid_from: '2026-02-01', currency: 'USD' }), ['rates.1.currency']],
    [rates({}, OWN), ['rates.1.valid_from']],
  ])('names what is wrong with %j', async (body, fields) => {
    const { put, get } = withRates();
    const answer = await put(body);
    expect([answer.status, fieldsOf(answer)]).toEqual([400, fields]);
    expect((await get('/rates')).body.chosen).toBe(false);
  });

  it('refuses cars that are not the user’s', async () => {
    const { put, ask } = withRates();
    const car = (await ask(PIET, 'POST', '/cars', { name: 'Polo' })).body.id;
    const answer = await put(rates({}, { ...OWN, car_id: car }));
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['rates.1.car_id']]);
  });
});

describe('an export', () => {
  it('has the rates, and brings them into a logbook that has none', async () => {
    const one = withRates();
    await one.put({ scheme: 'own', rates: [OWN, TIERED] });
    const text = await exported(one.deps.store, JAN);
    const other = withRates();
    await imported(other.deps, JAN, text);
    expect((await other.get('/rates')).body).toEqual((await one.get('/rates')).body);
    expect(contentOf(await exported(other.deps.store, JAN))).toEqual(contentOf(text));
    await other.put({ scheme: 'US' });
    const again = await imported(other.deps, JAN, text);
    expect(again.notTaken).toContainEqual(
      expect.objectContaining({ section: 'logbook', why: 'the rates of this logbook were chosen here' }),
    );
    expect((await other.get('/rates')).body.scheme).toBe('US');
  });

  it('with rates nobody can reckon by is refused', async () => {
    const one = withRates();
    await one.put({ scheme: 'own', rates: [OWN] });
    const text = edited(await exported(one.deps.store, JAN), ({ logbook }) => {
      (logbook as unknown as { rates: { rates: { milli_cents: number }[] } }).rates.rates[0]!.milli_cents = 0.5;
    });
    const other = withRates();
    const { notTaken } = await imported(other.deps, JAN, text);
    expect(notTaken[0]).toMatchObject({ outcome: 'refused', why: expect.stringContaining('milli_cents') });
  });
});
