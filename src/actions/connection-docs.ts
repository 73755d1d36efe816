/** What is kept of a car's connection besides the car itself: the settings, sealed, and how the asking went. */

import type { Car } from '../domain/cars.ts';
import type { Connection, ConnectionSettings } from '../domain/connections.ts';
import { NO_POLLS } from '../domain/polls.ts';
import type { Secret } from '../domain/secrets.ts';
import type { Log } from '../seams/log.ts';
import { UnreadableDocument } from '../seams/store-errors.ts';
import type { Tx, UserStore, Work } from '../seams/store.ts';
import { UnreadableSecret, type Vault } from '../seams/vault.ts';

/** Whom sealed settings are bound to. */
export function secretOwner(email: string, secretId: string): string {
  return `${email}/${secretId}`;
}

/** The settings as they are kept; `null`: they hold nothing but the provider's name. */
export function secretOf(vault: Vault, owner: string, settings: ConnectionSettings, now: number): Secret | null {
  const { provider: _, ...secrets } = settings;
  if (Object.keys(secrets).length === 0) return null;
  return { sealed: vault.seal(JSON.stringify(settings), owner), updatedAt: now };
}

/** What the user gave to connect a car. Throws `UnreadableSecret`. */
export async function settingsOf(
  vault: Vault,
  user: UserStore,
  { provider, secretId }: Connection,
): Promise<ConnectionSettings> {
  if (secretId === null) return { provider } as ConnectionSettings;
  const secret = await user.get('secret', secretId);
  if (secret === null) throw new UnreadableSecret('not in the store any more');
  // Only this program seals settings.
  return JSON.parse(vault.open(secret.sealed, secretOwner(user.email, secretId))) as ConnectionSettings;
}

/** The same; `null`, and a line in the log, where it cannot be read or is gone. */
export async function readableSettings(
  { log, vault }: { readonly log: Log; readonly vault: Vault },
  user: UserStore,
  carId: string,
  connection: Connection,
): Promise<ConnectionSettings | null> {
  try {
    return await settingsOf(vault, user, connection);
  } catch (error) {
    if (!(error instanceof UnreadableSecret || error instanceof UnreadableDocument)) throw error;
    log.write('ERROR', 'A stored connection cannot be read', { car: carId, error });
    return null;
  }
}

/** Leaves nothing of a connection but what the car's own document says. An answer still under way finds no lease. */
export function* forgetConnection(tx: Tx, car: Car): Work<void> {
  const secretId = car.connection?.secretId ?? null;
  if (secretId !== null && !(yield* isShared(tx, secretId, car))) tx.remove('secret', secretId);
  const polls = yield* tx.get('polls', 'polls');
  if (polls?.cars[car.id] === undefined) return;
  const { [car.id]: _, ...cars } = polls.cars;
  tx.put('polls', 'polls', { ...polls, cars });
}

/** The cars of one account share what opens it. Archived ones have no connection. */
function* isShared(tx: Tx, secretId: string, { id }: Car): Work<boolean> {
  if (secretId === id) return false;
  const facts = (yield* tx.get('user', ''))?.cars ?? [];
  const others = facts.filter((other) => other.id !== id);
  const cars = yield* tx.getMany(others.map((other) => ({ kind: 'car' as const, id: other.id })));
  return cars.some((car) => car?.connection?.secretId === secretId);
}

/** The next round looks at this user's cars: it is the one that knows whether a drive wants them asked. */
export function* lookSoon(tx: Tx, now: number): Work<void> {
  const polls = (yield* tx.get('polls', 'polls')) ?? NO_POLLS;
  tx.put('polls', 'polls', { ...polls, dueAt: Math.min(polls.dueAt ?? now, now) });
}
