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
  /** The token that took its place; until `expiresAt` it goes on beside that one. Absent: none did. */
  readonly replacedBy?: string;
}

/** How long a token goes on beside the one that replaces it. */
export const ROTATION_MS = 7 * 24 * 60 * 60_000;

/** Whether a token still opens anything. */
export function isTokenAlive({ revokedAt, expiresAt }: DeviceToken, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

/** How long a token that ended is kept: whoever still comes with it is told why it no longer counts. */
export const ENDED_KEPT_MS = 30 * 24 * 60 * 60_000;

export function isForgettable({ revokedAt, expiresAt }: DeviceToken, now: number): boolean {
  const endedAt = revokedAt ?? expiresAt;
  return endedAt !== null && now - endedAt > ENDED_KEPT_MS;
}

/** The token that is to be replaced, as it goes on: never longer than it would have. */
export function replaced(token: DeviceToken, by: string, now: number): DeviceToken {
  return { ...token, replacedBy: by, expiresAt: Math.min(token.expiresAt ?? Infinity, now + ROTATION_MS) };
}

const ACCOUNT_LAPSES_AFTER_MS = 30 * 24 * 60 * 60_000;

/** What a token may do now: managing the account lapses 30 days after the token was made, the rest stays. */
export function scopesAt(token: DeviceToken, now: number): readonly Scope[] {
  if (now < token.createdAt + ACCOUNT_LAPSES_AFTER_MS) return token.scopes;
  return token.scopes.filter((scope) => scope !== 'account');
}

export const TOKEN_PREFIX = 'mlg_';
/** No `i`, `l`, `o`, `u`: nothing that is mistaken for something else when read aloud or typed. */
export const TOKEN_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** 26 characters carry 130 bits, 4 the checksum. */
export const TOKEN_SECRET_LENGTH = 26;
const CHECKSUM_LENGTH = 4;
/** A prime just below 32⁴: one wrong character, or two neighbours swapped, always changes the remainder. */
const CHECKSUM_PRIME = 1_048_573;
const CHECKSUM_BASE = 37;

/** The four characters that end a token whose random part is `secret`. */
export function tokenChecksum(secret: string): string {
  let rest = 0;
  for (const character of secret) {
    rest = (rest * CHECKSUM_BASE + TOKEN_ALPHABET.indexOf(character) + 1) % CHECKSUM_PRIME;
  }
  let checksum = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i += 1) {
    checksum = TOKEN_ALPHABET.charAt(rest % TOKEN_ALPHABET.length) + checksum;
    rest = Math.floor(rest / TOKEN_ALPHABET.length);
  }
  return checksum;
}

/** Whether a text is a token as we make them: `false` means it was damaged on the way, not that it is unknown. */
export function isWholeToken(text: string): boolean {
  if (text.length !== TOKEN_PREFIX.length + TOKEN_SECRET_LENGTH + CHECKSUM_LENGTH) return false;
  if (!text.startsWith(TOKEN_PREFIX)) return false;
  const secret = text.slice(TOKEN_PREFIX.length, -CHECKSUM_LENGTH);
  return text.endsWith(tokenChecksum(secret));
}

const TOKENS = /mlg_\w+/gi;

/** Text of a client as it may be kept: tokens that were put in the wrong place are cut short. */
export function withoutTokens(text: string): string {
  return text.replace(TOKENS, `${TOKEN_PREFIX}…`);
}
