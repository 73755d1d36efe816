/** A small authorization server that answers as Google does, as strictly: keys, codes used once, PKCE, one redirect URI. */

import { hash, KeyObject, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { onTestFinished } from 'vitest';
import type { Endpoints } from '../../src/adapters/google/endpoints.ts';
import type { Clock } from '../../src/seams/clock.ts';

export const CLIENT_ID = 'web-client.apps.googleusercontent.com';
export const CLIENT_SECRET = 'GOCSPX-test';
export const ISSUER = 'https://accounts.google.com';

export type Claims = Readonly<Record<string, unknown>>;

interface Grant {
  readonly person: Claims;
  readonly nonce: string;
  readonly challenge: string;
  readonly redirectUri: string;
}

const HOUR_SECONDS = 3_600;

export class LocalGoogle {
  readonly #clock: Clock;
  readonly #key: CryptoKey;
  readonly #jwk: JWK;
  readonly #server: Server;
  readonly #grants = new Map<string, Grant>();
  /** Who sits at the browser and agrees; `null`: declines. */
  person: Claims | null = null;
  /** What is wrong with it. */
  fault: 'none' | 'keys' | 'token' | 'hangs' = 'none';
  /** Claims that replace those of the next token. */
  twist: Claims = {};
  asked = { keys: 0, token: 0 };

  constructor(clock: Clock, key: CryptoKey, jwk: JWK) {
    this.#clock = clock;
    this.#key = key;
    this.#jwk = jwk;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async listen(): Promise<void> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
  }

  get privateKey(): KeyObject {
    return KeyObject.from(this.#key);
  }

  get endpoints(): Endpoints {
    const base = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return {
      authorize: `${base}/authorize`,
      token: `${base}/token`,
      keys: `${base}/certs`,
      issuers: [ISSUER, 'accounts.google.com'],
      limitMs: 500,
    };
  }

  /** A token as Google signs it; `header` and `key` for those it would not. */
  idToken(claims: Claims, header: object = {}, key: CryptoKey | Uint8Array = this.#key): Promise<string> {
    const now = Math.floor(this.#clock.now() / 1_000);
    const all = { iss: ISSUER, aud: CLIENT_ID, iat: now, exp: now + HOUR_SECONDS, email_verified: true, ...claims };
    return new SignJWT(JSON.parse(JSON.stringify(all)))
      .setProtectedHeader({ alg: 'RS256', kid: this.#jwk.kid ?? '', typ: 'JWT', ...header })
      .sign(key);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://local');
    if (this.fault === 'hangs') return;
    if (url.pathname === '/certs') return this.#keys(response);
    if (url.pathname === '/authorize') return this.#authorize(url.searchParams, response);
    if (url.pathname === '/token' && request.method === 'POST') return this.#token(request, response);
    response.writeHead(404).end();
  }

  #keys(response: ServerResponse): void {
    this.asked.keys += 1;
    if (this.fault === 'keys') return void response.writeHead(503).end('down');
    json(response, 200, { keys: [this.#jwk] });
  }

  #authorize(asked: URLSearchParams, response: ServerResponse): void {
    const of = (name: string) => asked.get(name) ?? '';
    const sound =
      of('client_id') === CLIENT_ID &&
      of('response_type') === 'code' &&
      of('scope').split(' ').includes('openid') &&
      of('code_challenge_method') === 'S256' &&
      /^[\w-]{43}$/.test(of('code_challenge')) &&
      of('state').length >= 32 &&
      of('nonce').length >= 32;
    if (!sound) return void response.writeHead(400).end('invalid_request');
    const back = new URL(of('redirect_uri'));
    back.searchParams.set('state', of('state'));
    if (this.person === null) back.searchParams.set('error', 'access_denied');
    else {
      const code = randomUUID();
      const [nonce, challenge] = [of('nonce'), of('code_challenge')];
      this.#grants.set(code, { person: this.person, nonce, challenge, redirectUri: of('redirect_uri') });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  async #token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.token += 1;
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (this.fault === 'token') return void response.writeHead(503).end('down');
    const sent = new URLSearchParams(text);
    if (sent.get('client_id') !== CLIENT_ID || sent.get('client_secret') !== CLIENT_SECRET) {
      return json(response, 401, { error: 'invalid_client' });
    }
    const code = sent.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = hash('sha256', sent.get('code_verifier') ?? '', 'base64url');
    const sound =
      sent.get('grant_type') === 'authorization_code' &&
      grant?.redirectUri === sent.get('redirect_uri') &&
      grant.challenge === challenge;
    if (!sound) return json(response, 400, { error: 'invalid_grant', error_description: 'Bad Request' });
    const id_token = await this.idToken({ ...grant.person, nonce: grant.nonce, ...this.twist });
    json(response, 200, {
      access_token: 'ya29.x',
      expires_in: 3_599,
      scope: 'openid email',
      token_type: 'Bearer',
      id_token,
    });
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const KEYS = generateKeyPair('RS256', { extractable: true });

/** One for the test that asks, gone when it ends. */
export async function localGoogle(clock: Clock): Promise<LocalGoogle> {
  const { privateKey, publicKey } = await KEYS;
  // Without `alg`, which Google's have: which algorithms count is for whoever verifies to say.
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', use: 'sig' };
  const google = new LocalGoogle(clock, privateKey, jwk);
  await google.listen();
  return google;
}
