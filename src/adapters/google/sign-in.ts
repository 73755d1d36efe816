/** Google's authorization server: where a browser is sent, and what its code is redeemed for. No script of Google's. */

import type { Refused, SignInServer } from '../../seams/identity.ts';
import type { Endpoints } from './endpoints.ts';

export function signInServer(clientId: string, clientSecret: string, endpoints: Endpoints): SignInServer {
  return {
    addressFor({ state, nonce, challenge, redirectUri }) {
      const address = new URL(endpoints.authorize);
      const ask = {
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid email',
        state,
        nonce,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        prompt: 'select_account',
      };
      for (const [name, value] of Object.entries(ask)) address.searchParams.set(name, value);
      return address.href;
    },
    async redeem(code, verifier, redirectUri) {
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
        client_id: clientId,
        client_secret: clientSecret,
      });
      const signal = AbortSignal.timeout(endpoints.limitMs);
      try {
        const response = await fetch(endpoints.token, { method: 'POST', body, signal, redirect: 'error' });
        return await answerOf(response);
      } catch (error) {
        return failed('unreachable', error instanceof Error ? error.name : 'no connection');
      }
    },
  };
}

async function answerOf(response: Response): Promise<{ readonly ok: true; readonly idToken: string } | Refused> {
  if (response.status >= 500 || response.status === 429) return failed('unreachable', `status ${response.status}`);
  const answer: unknown = await response.json();
  const fields: Readonly<Record<string, unknown>> = typeof answer === 'object' && answer !== null ? { ...answer } : {};
  const { id_token: idToken, error } = fields;
  if (response.ok && typeof idToken === 'string') return { ok: true, idToken };
  return failed('refused', typeof error === 'string' ? error.slice(0, 60) : `status ${response.status}`);
}

function failed(why: Refused['why'], reason: string): Refused {
  return { ok: false, why, reason };
}
