/** What connects a car, on its way in; it never comes out again. And what came of trying it. */

import { z } from '@hono/zod-openapi';
import type { ConnectionTest, TestFailureCode } from '../../actions/connection-tests.ts';
import { FAILURE_CODES, type PushSettings } from '../../domain/connections.ts';
import { isoOrNull, kmOrNull } from '../../domain/units.ts';
import { SimulatorIn } from './simulator-connections.ts';
import { instant } from './values.ts';

const PushIn = z
  .strictObject({ provider: z.literal('push') })
  .openapi('PushConnection', { description: 'It tells by itself, with `POST /cars/{id}/readings`' })
  .transform(({ provider }): PushSettings => ({ provider }));

/** A new provider is a member here: a strict object with its own `provider`, made into its settings. */
const MEMBERS = [PushIn, SimulatorIn] as const;
const PROVIDERS = MEMBERS.map((member) => member.in.shape.provider.value).join(', ');

export const ConnectionIn = z
  .discriminatedUnion('provider', MEMBERS, {
    error: ({ code }: { readonly code?: string | undefined }) =>
      code === 'invalid_type' ? `an object with a provider: ${PROVIDERS}` : `one of ${PROVIDERS}`,
  })
  .openapi('NewConnection');

const TOLD: readonly [TestFailureCode, ...TestFailureCode[]] = [
  'relink_required',
  'internal',
  ...FAILURE_CODES.filter((code) => code !== 'auth_expired' && code !== 'permission_missing'),
];

export const ConnectionTestWire = z
  .object({
    ok: z.boolean(),
    odometer_km: z.number().nullable(),
    lat: z.number().nullable(),
    lng: z.number().nullable(),
    state: z.enum(['driving', 'parked', 'unknown']),
    observed_at: instant().nullable(),
    error: z
      .object({
        code: z.enum(TOLD).openapi({
          description: '`not_capable`: this kind of connection cannot be asked; `internal`: a mistake of this service',
        }),
        message: z.string(),
      })
      .nullable(),
  })
  .openapi('ConnectionTest');

type ConnectionTestWire = z.infer<typeof ConnectionTestWire>;

const NOTHING_SEEN = { odometer_km: null, lat: null, lng: null, state: 'unknown', observed_at: null } as const;

export function testToWire(test: ConnectionTest): ConnectionTestWire {
  if (!test.ok) return { ok: false, ...NOTHING_SEEN, error: test.error };
  const { odometerMetres, position, state, observedAt } = test.seen;
  return {
    ok: true,
    odometer_km: kmOrNull(odometerMetres),
    lat: position?.lat ?? null,
    lng: position?.lng ?? null,
    state,
    observed_at: isoOrNull(observedAt),
    error: null,
  };
}
