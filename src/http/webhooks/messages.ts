/** The one sentence a phone shows of an answer: what happened and, if something must be put right, what. */

import type { Outcome } from '../../actions/said.ts';
import { localTime } from '../../domain/calendar.ts';
import type { PhoneEvent } from '../../domain/events.ts';
import type { Language } from '../../domain/settings.ts';
import type { Trip } from '../../domain/trips.ts';
import { kmOf } from '../../domain/units.ts';
import { SENTENCES, type Sentences } from './sentences.ts';

export const LONGEST_MESSAGE = 110;

/** What an answer was given to. `isBatch`: a ping of several points. */
export interface Asked {
  readonly type: PhoneEvent['type'] | 'ping';
  readonly isBatch: boolean;
}

const DAY_MS = 86_400_000;
const FORMATS = new Map<Language, Intl.NumberFormat>();

/** Made when first needed: the first one of a process costs a tenth of its start. */
function kmFormat(language: Language): Intl.NumberFormat {
  const known = FORMATS.get(language);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  FORMATS.set(language, format);
  return format;
}

export function messageOf(asked: Asked, outcome: Outcome, language: Language): string {
  const say = SENTENCES[language];
  const facts = factsOf(asked, outcome, language);
  const ending = asked.isBatch ? '' : endingOf(say, outcome.warnings);
  const isRepeat = outcome.reply.duplicate && outcome.reply.code !== 'already_active';
  const sentences = facts.flatMap((fact) => (isRepeat ? [say.again(fact), fact] : [fact]));
  const whole = [...sentences.map((sentence) => sentence + ending), ...sentences];
  return finished(whole.find((sentence) => sentence.length < LONGEST_MESSAGE) ?? say.goesOn);
}

function finished(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function endingOf(say: Sentences, warnings: readonly string[]): string {
  if (warnings.length === 0) return '';
  const codes = warnings.map((warning) => warning.split(' ')[0]);
  for (const [code, ending] of Object.entries(say.endings)) if (codes.includes(code)) return ending;
  return '';
}

/** Ways to say it, the fullest first. */
function factsOf(asked: Asked, outcome: Outcome, language: Language): readonly string[] {
  const say = SENTENCES[language];
  const isEvent = asked.type !== 'ping';
  switch (outcome.reply.code) {
    case 'started':
      return [say.started];
    case 'resumed':
      return [say.resumed, say.goesOn];
    case 'already_active':
      return [outcome.reply.duplicate ? say.startedBefore : say.goesOn];
    case 'recorded':
      return isEvent ? [waiting(say, outcome)] : [recorded(say, asked, outcome)];
    case 'ending':
      return [say.ending];
    case 'finished':
      return booked(outcome.trip, language);
    case 'paused_at_stop':
      return [say.pausedAtStop];
    case 'discarded':
      return [say.discarded];
    case 'cancelled':
      return [say.cancelled];
    case 'no_active_trip':
      return [isEvent ? nothingOpen(say, asked, outcome) : idle(say, asked, outcome)];
  }
}

function waiting(say: Sentences, { warnings }: Outcome): string {
  return warnings.includes('timestamp_too_old') ? say.tooOld : say.waits;
}

function recorded(say: Sentences, { isBatch }: Asked, { accepted, rejected }: Outcome): string {
  if (isBatch) return say.recordedMany(accepted, rejected);
  return accepted > 0 ? say.recorded : say.goesOn;
}

function idle(say: Sentences, { isBatch }: Asked, { accepted }: Outcome): string {
  if (accepted === 0) return say.nothingOpen;
  return isBatch && accepted > 1 ? say.positionsKept(accepted) : say.positionKept;
}

function nothingOpen(say: Sentences, { type }: Asked, outcome: Outcome): string {
  if (outcome.warnings.includes('timestamp_too_old')) return say.tooOld;
  if (type === 'end') return say.endWaits;
  if (type === 'finalize') return say.nothingToFinish;
  return type === 'cancel' ? say.nothingToCancel : say.waits;
}

function booked(trip: Trip | null, language: Language): readonly string[] {
  const say = SENTENCES[language];
  if (trip === null) return [say.finished];
  if (trip.distanceSource === 'unknown') return [say.finishedUnknown, say.finished];
  const km = `${trip.distanceSource === 'straight_line' ? '≈ ' : ''}${kmFormat(language).format(kmOf(trip.distanceMetres))}`;
  const short = [say.finishedKm(km), say.finished];
  if (trip.odometerPending) return [say.finishedPending(km), ...short];
  if (trip.endedAt - trip.startedAt >= DAY_MS) return short;
  const [from, to] = [localTime(trip.startedAt, trip.timeZone), localTime(trip.endedAt, trip.timeZone)];
  return [say.finishedAt(km, from, to), ...short];
}
