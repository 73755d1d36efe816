/** The account itself: what there is of it, and making an end of it. */

import type { DeviceToken } from '../domain/tokens.ts';
import type { UserStore } from '../seams/store.ts';
import { rowsOf } from './pages.ts';

/** A token as its owner sees it: nothing that opens anything, and not whose it is. */
export type PublicToken = Omit<DeviceToken, 'owner'>;

export function ofOwner(token: DeviceToken): PublicToken {
  const { owner: _, ...rest } = token;
  return rest;
}

/** What reaches beyond one logbook, bound to one user. */
export interface OwnAccount {
  tokens(): Promise<readonly DeviceToken[]>;
  remove(): Promise<void>;
}

export interface Account {
  readonly email: string;
  /** When the logbook began; `null`: it has not yet. */
  readonly createdAt: number | null;
  readonly firstMonth: string | null;
  readonly trips: number;
  readonly metres: number;
  readonly cars: number;
  readonly locations: number;
  readonly tokens: number;
  readonly hasActiveTrip: boolean;
}

/** Trips are counted from the months: one document each, however many trips there are. */
export async function accountOf(user: UserStore, tokens: OwnAccount['tokens'], now: number): Promise<Account> {
  const [own, active, issued] = await Promise.all([user.get('user', ''), user.get('active', 'trip_start'), tokens()]);
  let trips = 0;
  let metres = 0;
  let firstMonth: string | null = null;
  for await (const { doc } of rowsOf(user, 'month', { order: 'asc' })) {
    firstMonth ??= doc.month;
    for (const row of Object.values(doc.rows)) {
      trips += row.trips;
      metres += row.metres;
    }
  }
  let cars = 0;
  for await (const _ of rowsOf(user, 'car', { order: 'asc' })) cars += 1;
  return {
    email: user.email,
    createdAt: own?.createdAt ?? null,
    firstMonth,
    trips,
    metres,
    cars,
    locations: own?.locations.length ?? 0,
    tokens: issued.filter((token) => isUsable(token, now)).length,
    hasActiveTrip: active !== null,
  };
}

function isUsable({ revokedAt, expiresAt }: DeviceToken, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}
