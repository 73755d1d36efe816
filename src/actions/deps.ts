/** What actions are given. Each takes the part it uses. */

import type { Settings } from '../domain/settings.ts';
import type { Providers } from '../seams/car-provider.ts';
import type { Clock, Ids } from '../seams/clock.ts';
import type { Log } from '../seams/log.ts';
import type { Services } from '../seams/services.ts';
import type { Store } from '../seams/store.ts';
import type { Vault } from '../seams/vault.ts';

export interface Deps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly vault: Vault;
  readonly providers: Providers;
  /** What addresses and roads are looked up with. */
  readonly services: Services;
  /** What a new user begins with. */
  readonly newUser: Settings;
  /** What becomes of an address nobody added: `create` on its first event or write, `refuse` when only a command adds. */
  readonly unknownUsers: 'create' | 'refuse';
}

/** Whatever works on one logbook is handed that logbook, and not the store of all of them. */
export type UserDeps = Omit<Deps, 'store'>;

/** With what belongs to the installation and holds nothing of anybody. */
export interface SharedDeps extends UserDeps {
  readonly store: Pick<Store, 'system'>;
}
