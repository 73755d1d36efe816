/** What a request carries from the frame to its handler. */

import type { OwnAccount } from '../actions/account.ts';
import type { UserTokens } from '../actions/user-tokens.ts';
import type { Actor } from '../domain/activity.ts';
import type { DeviceToken, Scope } from '../domain/tokens.ts';
import type { UserStore } from '../seams/store.ts';

/** Whoever asks, after the credential was checked. `user` is whose logbook it is. */
export interface Caller {
  readonly user: string;
  /** `null` in open mode. */
  readonly token: DeviceToken | null;
  readonly actor: Actor;
  readonly scopes: readonly Scope[];
  /** What stands in the log for the address. */
  readonly logName: string;
}

export interface Env {
  Variables: {
    requestId: string;
    /** Only on routes of a driver. */
    caller: Caller;
    /** Only on routes of a driver: the caller's own logbook. No handler there holds another. */
    store: UserStore;
    /** Only on `/tokens`: the caller's own. */
    tokens: UserTokens;
    /** Only on `/me`: the caller's own. */
    account: OwnAccount;
    /** The answer's code for the log line, where it says more than the status. */
    outcome: string;
    /** An error nobody expected, for the log line. */
    failure: unknown;
  };
}
