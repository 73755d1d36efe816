/** The account on the wire, and the report of an import. */

import { z } from '@hono/zod-openapi';
import type { Account } from '../../actions/account.ts';
import type { ImportReport } from '../../actions/imports.ts';
import { SCOPES } from '../../domain/tokens.ts';
import { isoOrNull, kmOf } from '../../domain/units.ts';
import type { Caller } from '../env.ts';
import { tokenToWire, TokenWire } from './tokens.ts';
import { instant } from './values.ts';

export const AccountWire = z
  .object({
    user: z.string(),
    created_at: instant().nullable().openapi({ description: 'When the logbook began; null: not yet' }),
    first_month: z.string().nullable().openapi({ description: 'Of the earliest trip' }),
    trips: z.int(),
    distance_km: z.number(),
    cars: z.int(),
    locations: z.int(),
    tokens: z.int().openapi({ description: 'That can be used now' }),
    active: z.boolean().openapi({ description: 'A drive is going on' }),
    auth: z.enum(['open', 'required']),
    scopes: z.array(z.enum(SCOPES)).openapi({ description: 'What the caller may do' }),
    token: TokenWire.nullable().openapi({ description: 'The one this request was made with, if one was' }),
  })
  .openapi('Account');

export function accountToWire(account: Account, { token, scopes }: Caller, auth: 'open' | 'required') {
  return {
    user: account.email,
    created_at: isoOrNull(account.createdAt),
    first_month: account.firstMonth,
    trips: account.trips,
    distance_km: kmOf(account.metres),
    cars: account.cars,
    locations: account.locations,
    tokens: account.tokens,
    active: account.hasActiveTrip,
    auth,
    scopes: [...scopes],
    token: token && tokenToWire(token),
  };
}

const CountsWire = z.object({ added: z.int(), unchanged: z.int(), skipped: z.int(), refused: z.int() });

export const ImportReportWire = z
  .object({
    dry_run: z.boolean(),
    sections: z.record(z.string(), CountsWire).openapi({ description: 'By the parts of the document' }),
    not_taken: z
      .array(
        z.object({
          section: z.string(),
          nth: z.int().openapi({ description: 'Which of its part, from 1' }),
          id: z.string().nullable(),
          outcome: z.enum(['skipped', 'refused']),
          why: z.string(),
        }),
      )
      .openapi({ description: 'Every record that was skipped or refused, the first 1,000' }),
    not_listed: z.int().openapi({ description: 'How many more there were' }),
  })
  .openapi('ImportReport');

export function importReportToWire(report: ImportReport, dryRun: boolean): z.infer<typeof ImportReportWire> {
  return {
    dry_run: dryRun,
    sections: { ...report.sections },
    not_taken: [...report.notTaken],
    not_listed: report.unlisted,
  };
}
