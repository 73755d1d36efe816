/** Who vouches for people and for the scheduler. A token never stands in an answer of it, nor in a message. */

import type { Identity } from '../domain/sign-in.ts';

export interface VerifiedIdentity extends Identity {
  /** What the sign-in put in, to know its own token again. */
  readonly nonce: string | null;
  readonly expiresAt: number;
}

/** `reason` is for the operator's log. */
export type Refused = {
  readonly ok: false;
  /** `unreachable`: nobody can say now whether it is any good. */
  readonly why: 'refused' | 'unreachable';
  readonly reason: string;
};

export type Verdict = { readonly ok: true; readonly identity: VerifiedIdentity } | Refused;

/** Where to send a browser, and what belongs to it alone. */
export interface SignInAsk {
  readonly state: string;
  readonly nonce: string;
  /** SHA-256 of the verifier, base64url (PKCE, S256). */
  readonly challenge: string;
  /** Where the browser comes back to. */
  readonly redirectUri: string;
}

export interface SignInServer {
  addressFor(ask: SignInAsk): string;
  /** Redeems the code a browser brought back, once. */
  redeem(
    code: string,
    verifier: string,
    redirectUri: string,
  ): Promise<{ readonly ok: true; readonly idToken: string } | Refused>;
}

export interface Identities {
  /** What an ID token says, if it is genuine, valid now and made for this audience. */
  verify(token: string, audience: string): Promise<Verdict>;
  /** The audience of people's tokens; `null`: people cannot come with one. */
  readonly clientId: string | null;
  /** `null`: not set up. */
  readonly signIn: SignInServer | null;
}
