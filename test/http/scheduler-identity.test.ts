/** `/scheduler/*` in required mode: the scheduler's own OIDC token opens it, and nothing else does. */

import { describe, expect, it } from 'vitest';
import { jsonOf } from '../support/answers.ts';
import { JAN } from '../support/app.ts';
import { CLIENT_ID, type Claims } from '../support/google.ts';
import { googleApp } from '../support/google-app.ts';

const ACCOUNT = 'ticker@project.iam.gserviceaccount.com';
const AUDIENCE = 'https://km.example.nl';
const GOOD = { sub: '9', email: ACCOUNT, aud: AUDIENCE };

async function stage(scheduler: { serviceAccount: string | null; audience: string | null }) {
  const service = await googleApp({ scheduler });
  const { google } = service;
  const poll = async (headers: Record<string, string>) => {
    const response = await service.app.request('/scheduler/poll-all', { method: 'POST', headers });
    return [response.status, (await jsonOf<{ code?: string }>(response)).code];
  };
  const bearer = async (claims: Claims) => poll({ authorization: `Bearer ${await google.idToken(claims)}` });
  return { ...service, poll, bearer };
}

const SET_UP = { serviceAccount: ACCOUNT, audience: AUDIENCE };
const REFUSED = [401, 'unauthenticated'];

describe('the scheduler', () => {
  it('is let in by its own token', async () => {
    const { bearer } = await stage(SET_UP);
    expect(await bearer(GOOD)).toEqual([200, undefined]);
  });

  it.each<[string, Claims]>([
    ['of another account', { email: 'other@project.iam.gserviceaccount.com' }],
    ['of a look-alike account', { email: ACCOUNT.toUpperCase() }],
    ['with an address nobody verified', { email_verified: false }],
    ['for another audience', { aud: `${AUDIENCE}/scheduler/poll-all` }],
    ['for the people’s client', { aud: CLIENT_ID }],
    ['of another issuer', { iss: 'https://securetoken.google.com/p' }],
    ['that expired', { exp: 1 }],
  ])('is not let in by one %s', async (_name, claims) => {
    const { bearer } = await stage(SET_UP);
    expect(await bearer({ ...GOOD, ...claims })).toEqual(REFUSED);
  });

  it('is not let in by claims without their signature, nor by headers', async () => {
    const { poll, google } = await stage(SET_UP);
    const [head, claims] = (await google.idToken(GOOD)).split('.');
    expect(await poll({ authorization: `Bearer ${head}.${claims}.SIGNATURE_REMOVED_BY_GOOGLE` })).toEqual(REFUSED);
    expect(await poll({ authorization: `Bearer ${head}.${claims}.` })).toEqual(REFUSED);
    const headers = {
      'x-cloudscheduler': 'true',
      'user-agent': 'Google-Cloud-Scheduler',
      'x-cloudscheduler-jobname': 'minute',
      'x-goog-authenticated-user-email': `accounts.google.com:${ACCOUNT}`,
      'x-serverless-authorization': `Bearer ${await google.idToken(GOOD)}`,
    };
    expect(await poll(headers)).toEqual(REFUSED);
    expect(await poll({})).toEqual(REFUSED);
  });

  it('shares its door with no user, whatever the user carries', async () => {
    const { poll, bearer, tokenOf } = await stage(SET_UP);
    const token = await tokenOf(JAN);
    expect(await poll({ authorization: `Bearer ${token}` })).toEqual(REFUSED);
    expect(await poll({ 'x-api-key': token })).toEqual(REFUSED);
    expect(await bearer({ sub: '1', email: JAN })).toEqual(REFUSED);
    expect(await bearer({ sub: '1', email: JAN, aud: AUDIENCE })).toEqual(REFUSED);
  });

  it.each([
    { serviceAccount: null, audience: AUDIENCE },
    { serviceAccount: ACCOUNT, audience: null },
  ])('does not exist where it is not set up: %o', async (scheduler) => {
    const { bearer, google } = await stage(scheduler);
    expect(await bearer(GOOD)).toEqual(REFUSED);
    expect(google.asked.keys).toBe(0);
  });

  it('is told to come again while its token cannot be checked', async () => {
    const { bearer, google } = await stage(SET_UP);
    google.fault = 'keys';
    expect(await bearer(GOOD)).toEqual([503, 'busy_try_again']);
  });

  it('opens nothing else', async () => {
    const { app, google } = await stage(SET_UP);
    const headers = { authorization: `Bearer ${await google.idToken(GOOD)}` };
    expect((await app.request('/trips', { headers })).status).toBe(401);
    expect((await app.request('/webhook/start', { method: 'POST', headers })).status).toBe(401);
  });
});
