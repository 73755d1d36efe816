/** The answer a phone gets: small, always JSON, and with a sentence, because a phone shows nothing but the body. */

import type { Context } from 'hono';
import type { Outcome } from '../../actions/said.ts';
import type { Language } from '../../domain/settings.ts';
import type { Env } from '../env.ts';
import { GUARDS } from '../frame.ts';
import { preferredLanguage } from '../language.ts';
import { tripToWire } from '../wire/trips-out.ts';
import { messageOf, type Asked } from './messages.ts';

export function answer(c: Context<Env>, asked: Asked, outcome: Outcome): Response {
  const { code } = outcome.reply;
  c.set('outcome', code);
  return send(c, {
    ok: true,
    code,
    message: messageOf(asked, outcome, languageOf(c)),
    ...details(asked, outcome),
    warnings: outcome.warnings,
  });
}

function details({ isBatch }: Asked, { reply, trip, accepted, rejected }: Outcome): object {
  const about = reply.tripId === null ? {} : { trip_id: reply.tripId };
  const repeated = reply.duplicate ? { duplicate: true } : {};
  const counted = isBatch ? { accepted, rejected } : {};
  if (trip === null) return { ...about, ...repeated, ...counted };
  const { stops: _stops, ...booked } = tripToWire(trip);
  return { ...about, ...repeated, ...counted, trip: booked };
}

/** Not by way of the context's own headers, which would cost a ping more than all the rest of its answer. */
export function send(c: Context<Env>, body: object): Response {
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...GUARDS,
    'x-request-id': c.get('requestId'),
  };
  return new Response(JSON.stringify(body), { status: 200, headers });
}

function languageOf(c: Context<Env>): Language {
  return preferredLanguage(c.req.header('accept-language')) ?? 'en';
}
