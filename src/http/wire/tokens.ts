/** Device tokens on the wire. The secret stands in one answer only, that of its making. */

import { z } from '@hono/zod-openapi';
import type { MadeToken, NewToken } from '../../actions/user-tokens.ts';
import { isoOf, isoOrNull } from '../../domain/units.ts';
import type { DeviceToken } from '../../domain/tokens.ts';
import { idIn, instant, instantIn, oneOf } from './values.ts';

const SCOPES = ['events', 'read', 'write', 'account'] as const;
const LONGEST_LABEL = 64;

export const TokenWire = z
  .object({
    id: z.string(),
    label: z.string(),
    scopes: z.array(z.enum(SCOPES)).openapi({ description: '`account` lapses 30 days after the token was made' }),
    car_id: z.string().nullable(),
    last4: z.string().openapi({ description: 'The last characters of the secret, to tell tokens apart' }),
    created_at: instant(),
    expires_at: instant().nullable(),
    revoked_at: instant().nullable(),
    last_used_at: instant().nullable().openapi({ description: 'To the hour' }),
    replaced_by: z.string().nullable().openapi({ description: 'The token that took its place when it was rotated' }),
  })
  .openapi('Token');

export type TokenWire = z.infer<typeof TokenWire>;

export const MadeTokenWire = TokenWire.extend({
  token: z.string().openapi({ description: 'The secret, shown this once', example: 'mlg_…' }),
}).openapi('MadeToken');

const scopes = 'some of events, read, write, account';
const label = `text of 1 … ${LONGEST_LABEL} characters, on one line`;

export const TokenIn = z
  .strictObject({
    label: z
      .string({ error: label })
      .trim()
      .min(1, { error: label })
      .max(LONGEST_LABEL, { error: label })
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: label })
      .openapi({ minLength: 1, maxLength: LONGEST_LABEL, example: 'iPhone Jan, CarPlay' }),
    scopes: z.array(oneOf(SCOPES), { error: scopes }).min(1, { error: scopes }),
    car_id: idIn().nullable().optional().openapi({ description: 'The car its events mean, unless they say another' }),
    expires_at: instantIn().nullable().optional(),
  })
  .openapi('NewToken');

export function newTokenOf({ label: name, scopes: may, car_id, expires_at }: z.infer<typeof TokenIn>): NewToken {
  return { label: name, scopes: may, carId: car_id ?? null, expiresAt: expires_at ?? null };
}

export function tokenToWire(token: DeviceToken): TokenWire {
  return {
    id: token.id,
    label: token.label,
    scopes: [...token.scopes],
    car_id: token.carId,
    last4: token.last4,
    created_at: isoOf(token.createdAt),
    expires_at: isoOrNull(token.expiresAt),
    revoked_at: isoOrNull(token.revokedAt),
    last_used_at: isoOrNull(token.lastUsedAt),
    replaced_by: token.replacedBy ?? null,
  };
}

export function madeToWire({ token, secret }: MadeToken): z.infer<typeof MadeTokenWire> {
  return { ...tokenToWire(token), token: secret };
}
