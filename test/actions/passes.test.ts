/** Tokens, sessions and links that ended do not pile up; whoever still comes with a token is told why for a month. */

import { describe, expect, it } from 'vitest';
import { KnownTokens } from '../../src/actions/known-tokens.ts';
import { pollAll } from '../../src/actions/poll.ts';
import { makeLink, openSession, takeLink } from '../../src/actions/sign-in.ts';
import { createToken, revokeToken } from '../../src/actions/tokens.ts';
import { makeToken, tokensOf } from '../../src/actions/user-tokens.ts';
import { ENDED_KEPT_MS, SCOPES } from '../../src/domain/tokens.ts';
import { JAN, PIET, testApp, type TestApp } from '../support/app.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WISH = { label: 'iPhone', scopes: ['events'], carId: null, expiresAt: null } as const;

async function answerTo({ app }: TestApp, secret: string): Promise<string> {
  const headers = { authorization: `Bearer ${secret}` };
  const response = await app.request('/webhook/status', { headers });
  const { code = 'let in' } = (await response.json()) as { code?: string };
  return code;
}

const ENDED: Readonly<Record<string, (service: TestApp) => Promise<string>>> = {
  token_revoked: async ({ deps }) => {
    const { token, secret } = await createToken(deps, { ...WISH, owner: JAN });
    await revokeToken(deps, new KnownTokens(deps), JAN, token.id);
    return secret;
  },
  token_expired: async ({ deps, clock }) => {
    const expiresAt = clock.now() + DAY_MS;
    const { secret } = await createToken(deps, { ...WISH, owner: JAN, expiresAt });
    clock.set(expiresAt);
    return secret;
  },
};

const SWEEPS: Readonly<Record<string, (service: TestApp) => Promise<unknown>>> = {
  'the look after everybody': ({ deps }) => pollAll(deps, { daily: true }),
  'a new token by command': ({ deps }) => createToken(deps, { ...WISH, owner: JAN }),
  'a new token of their own': ({ deps }) => {
    const own = tokensOf(deps.store.tokens, new KnownTokens(deps), JAN);
    return makeToken(deps, deps.store.forUser(JAN), own, WISH, { by: { kind: 'open' }, scopes: SCOPES });
  },
};

const CASES = Object.keys(ENDED).flatMap((code) => Object.keys(SWEEPS).map((sweep) => [code, sweep] as const));

describe('a token that ended', () => {
  it.each(CASES)('is answered %s for a month, then %s takes it out', async (code, sweepName) => {
    const service = testApp({ auth: 'required' });
    const { deps, clock } = service;
    const alive = await service.tokenOf(JAN);
    const secret = (await ENDED[code]?.(service)) ?? '';
    const sweep = async () => {
      await SWEEPS[sweepName]?.(service);
      // What this process remembers of it ends, too.
      clock.advance(2 * MINUTE_MS);
      return (await deps.store.tokens.listOf(JAN)).map(({ createdAt }) => createdAt);
    };
    const [first] = (await deps.store.tokens.listOf(JAN)).map(({ createdAt }) => createdAt);
    clock.advance(ENDED_KEPT_MS - 2 * MINUTE_MS);
    expect((await sweep()).filter((createdAt) => createdAt === first)).toHaveLength(2);
    expect(await answerTo(service, secret)).toBe(code);
    clock.advance(1);
    expect((await sweep()).filter((createdAt) => createdAt === first)).toHaveLength(1);
    expect(await answerTo(service, secret)).toBe('unauthenticated');
    expect(await answerTo(service, alive)).toBe('let in');
  });

  it('takes nothing of anybody else along', async () => {
    const service = testApp({ auth: 'required' });
    const { deps, clock } = service;
    await service.tokenOf(PIET, { expiresAt: clock.now() + DAY_MS });
    await service.tokenOf(JAN);
    clock.advance(2 * ENDED_KEPT_MS);
    await createToken(deps, { ...WISH, owner: JAN });
    expect(await deps.store.tokens.listOf(PIET)).toHaveLength(1);
  });
});

describe('the look after everybody', () => {
  it('takes out sessions that ended and links nobody used, and none that count', async () => {
    const { deps, clock, tokenOf } = testApp({ auth: 'required' });
    await tokenOf(JAN);
    const { sessions, links } = deps.store;
    const left = async () => [(await sessions.listOf(JAN)).length, (await links.listOf(JAN)).length];
    await openSession(deps, JAN);
    await makeLink(deps, JAN);
    await takeLink(deps, [], await makeLink(deps, JAN));
    expect(await left()).toEqual([1, 1]);
    clock.advance(14 * MINUTE_MS);
    await pollAll(deps, { daily: true });
    expect(await left()).toEqual([1, 1]);
    clock.advance(MINUTE_MS);
    await pollAll(deps, { daily: true });
    expect(await left()).toEqual([1, 0]);
    clock.advance(29 * DAY_MS);
    await pollAll(deps, { daily: true });
    expect(await left()).toEqual([1, 0]);
    clock.advance(DAY_MS);
    await pollAll(deps, { daily: true });
    expect(await left()).toEqual([0, 0]);
  });

  it('takes out sign-ins that never came back and counts of failures that are over', async () => {
    const { deps, clock } = testApp({ auth: 'required' });
    const { system } = deps.store;
    const expiresAt = clock.now() + MINUTE_MS;
    await system.update('failures', 'client', () => ({ count: 3, expiresAt }));
    await system.update('signin', 'state', () => ({
      verifier: 'v',
      nonce: 'n',
      returnTo: '/',
      browser: 'b',
      expiresAt,
    }));
    const left = async () => [await system.get('failures', 'client'), await system.get('signin', 'state')];
    await pollAll(deps, { daily: true });
    expect(await left()).not.toContain(null);
    clock.advance(MINUTE_MS);
    await pollAll(deps);
    expect(await left()).not.toContain(null);
    await pollAll(deps, { daily: true });
    expect(await left()).toEqual([null, null]);
  });
});
