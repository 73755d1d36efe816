/** The parts of an export, in their order: what each is called, and the form of its records. */

import type { Exported, ExportedKind, Logbook } from '../../../actions/exports.ts';
import type { PublicToken } from '../../../actions/account.ts';
import type { Chunk } from '../../../domain/points.ts';
import type { MonthRows, StatRow } from '../../../domain/stats.ts';
import { isDocumentId } from '../../../seams/documents.ts';
import type { Docs } from '../../../seams/store.ts';
import { chunkId, IDLE } from '../../../actions/points.ts';
import { activity, activityPart } from './activity-form.ts';
import { car, chunk, location, odometerReading, ruleInOrder, settings, trip } from './book-forms.ts';
import {
  byId,
  flag,
  id,
  instant,
  km,
  list,
  Misfit,
  nullable,
  number,
  object,
  objectIn,
  oneOf,
  optional,
  text,
  type Form,
} from './forms.ts';
import { closedMonth } from './month-form.ts';
import { rates } from './rate-form.ts';
import { activeTrip, event, idlePoints, lookups, memory, polls } from './machine-forms.ts';

export type RecordKind = Exported['kind'];
type RecordOf<K extends RecordKind> = Extract<Exported, { kind: K }>;

export interface Section<K extends RecordKind = RecordKind> {
  readonly kind: K;
  /** Its name in the document. */
  readonly key: string;
  /** A list of records, or one. */
  readonly isList: boolean;
  toWire(record: RecordOf<K>): unknown;
  /** Throws `Misfit`. */
  fromWire(wire: unknown): RecordOf<K>;
}

const logbook = object<Logbook>({ createdAt: instant, updatedAt: instant, settings, rates: optional(rates) });

const statRow = object<StatRow>({
  date: text,
  carId: nullable(id),
  type: oneOf('B', 'P', 'M'),
  commute: flag,
  trips: number,
  metres: km,
  businessMetres: km,
  durationMs: number,
});
const month = object<MonthRows>({ month: text, rows: byId(statRow) });

const token = object<PublicToken>({
  id,
  label: text,
  scopes: list(oneOf('events', 'read', 'write', 'account')),
  carId: nullable(id),
  last4: text,
  createdAt: instant,
  expiresAt: nullable(instant),
  revokedAt: nullable(instant),
  lastUsedAt: nullable(instant),
  replacedBy: optional(id),
});

/** A kind of which there is one document at most. */
function single<K extends 'active' | 'memory' | 'idle' | 'polls' | 'lookups'>(
  kind: K,
  key: string,
  docId: string,
  form: Form<Docs[K]>,
) {
  return {
    kind,
    key,
    isList: false,
    toWire: ({ doc }: { readonly doc: Docs[K] }) => form.toWire(doc),
    fromWire: (wire: unknown) => ({ kind, id: docId, doc: form.fromWire(wire, '') }),
  };
}

/** A kind whose documents carry their own id. */
function listed<K extends RecordKind, D>(kind: K, key: string, form: Form<D>, idOf: (doc: D) => string) {
  return {
    kind,
    key,
    isList: true,
    toWire: ({ doc }: { readonly doc: D }) => form.toWire(doc),
    fromWire: (wire: unknown) => {
      const doc = form.fromWire(wire, '');
      const docId = idOf(doc);
      const isOurs = kind === 'token' || isDocumentId(kind as ExportedKind, docId);
      if (!isOurs || (kind === 'trip' && docId === IDLE)) throw new Misfit('id', 'an id');
      return { kind, id: docId, doc };
    },
  };
}

const track = {
  kind: 'chunk' as const,
  key: 'tracks',
  isList: true,
  toWire: ({ id: at, doc }: { readonly id: string; readonly doc: Chunk }) => ({
    trip_id: at.slice(0, at.lastIndexOf('/')),
    ...objectIn(chunk.toWire(doc), ''),
  }),
  fromWire: (wire: unknown) => {
    const { trip_id: tripId, ...rest } = objectIn(wire, '') as Readonly<Record<string, unknown>>;
    const doc = chunk.fromWire(rest, '');
    return { kind: 'chunk' as const, id: chunkId(id.fromWire(tripId, 'trip_id'), doc.window), doc };
  },
};

const user = {
  kind: 'user' as const,
  key: 'logbook',
  isList: false,
  toWire: ({ doc }: { readonly doc: Docs['user'] }) => {
    const { createdAt, updatedAt, settings: own, rates: chosen } = doc;
    return logbook.toWire({ createdAt, updatedAt, settings: own, ...(chosen && { rates: chosen }) });
  },
  fromWire: (wire: unknown) => ({ kind: 'user' as const, id: '', doc: logbook.fromWire(wire, '') }),
};

export const SECTIONS = [
  user,
  single('active', 'open_drive', 'trip_start', activeTrip),
  single('memory', 'trip_memory', 'memory', memory),
  single('idle', 'idle_points', 'idle_points', idlePoints),
  single('polls', 'car_polls', 'polls', polls),
  single('lookups', 'lookups', 'lookups', lookups),
  listed('car', 'cars', car, (doc) => doc.id),
  listed('location', 'locations', location, (doc) => doc.id),
  listed('rule', 'rules', ruleInOrder, (doc) => doc.id),
  listed('trip', 'trips', trip, (doc) => doc.id),
  track,
  listed('odometer_reading', 'odometer_readings', odometerReading, (doc) => doc.id),
  listed('activity', 'activity', activity, (doc) => doc.id),
  listed('part', 'activity_parts', activityPart, (doc) => doc.id),
  listed('closed_month', 'closed_months', closedMonth, (doc) => doc.month),
  listed('event', 'events', event, (doc) => doc.event.id),
  listed('month', 'stats', month, (doc) => doc.month),
  listed('token', 'tokens', token, (doc) => doc.id),
] as const;
