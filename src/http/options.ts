/** What the edge is told by the configuration. */

import type { Identities } from '../seams/identity.ts';

export interface HttpOptions {
  readonly auth: 'open' | 'required';
  /** Whose logbook it is when a request in open mode does not say. */
  readonly defaultUser: string | null;
  /** Addresses and `@domains` that may come in without being added. */
  readonly allowedUsers: readonly string[];
  /** Who vouches for people and for the scheduler. */
  readonly identities: Identities;
  readonly scheduler: { readonly serviceAccount: string | null; readonly audience: string | null };
  /** Proxies, as addresses or networks, whose word counts on where a request comes from. */
  readonly trustedProxies: readonly string[];
  /** Whoever connects is the platform's own front end. */
  readonly isFronted: boolean;
  /** Origins of browsers elsewhere that may call the API. */
  readonly corsOrigins: readonly string[];
  /** Pings a token may send, 0: any number. */
  readonly ratePerMinute: number;
  /** Where people reach the service, without a slash at the end; `null`: as they asked for it. */
  readonly publicUrl: string | null;
  /** For links between log lines and traces; `null` outside Google Cloud. */
  readonly project: string | null;
  readonly version: string;
  /** The store in a word, for those who may know. */
  readonly storeName: string;
}
