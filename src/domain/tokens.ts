/** Device tokens: the credential a phone or automation carries. Only the SHA-256 of one is ever stored. */

export type Scope = 'events' | 'read' | 'write' | 'account';
export const SCOPES: readonly Scope[] = ['events', 'read', 'write', 'account'];

export interface DeviceToken {
  /** Shown to people; not the secret and not its hash. */
  readonly id: string;
  readonly owner: string;
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly carId: string | null;
  readonly last4: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}
