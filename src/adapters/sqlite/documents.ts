/** The tables of documents: one row read, written, listed or erased at a time. Knows nothing of transactions. */

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { encodeDocument, SINGLE_KINDS, sortOf, TRAITS } from '../../seams/documents.ts';
import { decodeDocument, versionOf, type Migrations } from '../../seams/migrations.ts';
import type { Docs, DueUser, Kind, ListQuery, Row } from '../../seams/store.ts';
import { number, text, type Columns } from './columns.ts';
import { listStatement } from './list.ts';

export interface Found<D> {
  readonly doc: D;
  /** The length of its text. */
  readonly bytes: number;
}

/** One erasing transaction takes no more than this, so that others get their turn. */
const ERASED_AT_ONCE = 500;

const HOT = new Set(SINGLE_KINDS);

/** Kinds with a table of their own, small and busy. */
export function isHot(kind: Kind): boolean {
  return HOT.has(kind);
}

export class Documents {
  readonly #db: DatabaseSync;
  readonly #migrations: Migrations;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync, migrations: Migrations) {
    this.#db = db;
    this.#migrations = migrations;
  }

  read<K extends Kind>(email: string, kind: K, id: string): Found<Docs[K]> | null {
    const row = isHot(kind)
      ? this.#prepared('SELECT version, body FROM hot WHERE kind = ? AND email = ?').get(kind, email)
      : this.#prepared('SELECT version, body FROM document WHERE email = ? AND kind = ? AND id = ?').get(
          email,
          kind,
          id,
        );
    return row === undefined ? null : { doc: this.#decoded(kind, id, row), bytes: text(row, 'body').length };
  }

  /** Answers the length of the document's text. */
  write<K extends Kind>(email: string, kind: K, id: string, doc: Docs[K]): number {
    const body = encodeDocument(kind, doc);
    if (isHot(kind)) this.#writeHot(email, kind, doc, body);
    else this.#writeDocument(email, kind, id, doc, body);
    return body.length;
  }

  remove(email: string, kind: Kind, id: string): void {
    if (isHot(kind)) this.#prepared('DELETE FROM hot WHERE kind = ? AND email = ?').run(kind, email);
    else this.#prepared('DELETE FROM document WHERE email = ? AND kind = ? AND id = ?').run(email, kind, id);
  }

  list<K extends Kind>(email: string, kind: K, query: ListQuery): readonly Row<K>[] {
    const { sql, values } = listStatement(email, kind, query);
    const rows = this.#prepared(sql).all(...values);
    return rows.map((row) => {
      const id = text(row, 'id');
      const sort = typeof row['sort'] === 'string' ? row['sort'] : number(row, 'sort');
      return { id, sort, doc: this.#decoded(kind, id, row) };
    });
  }

  /** A user may be due for several documents: the earliest counts. */
  due(now: number, limit: number): DueUser[] {
    const due = new Map<string, DueUser>();
    const sql = 'SELECT email, due_at FROM hot INDEXED BY hot_due WHERE due_at <= ? ORDER BY due_at, email';
    for (const row of this.#prepared(sql).iterate(now)) {
      if (due.size >= limit) break;
      const email = text(row, 'email');
      if (!due.has(email)) due.set(email, { email, dueAt: number(row, 'due_at') });
    }
    return [...due.values()];
  }

  users(limit: number, after: string): string[] {
    const sql = `SELECT email FROM hot WHERE kind = 'user' AND email > ? ORDER BY email LIMIT ?`;
    return this.#prepared(sql)
      .all(after, limit)
      .map((row) => text(row, 'email'));
  }

  /** Erases some of what is not hot and answers whether more may be left. */
  eraseSome(email: string): boolean {
    const sql = 'DELETE FROM document WHERE rowid IN (SELECT rowid FROM document WHERE email = ? LIMIT ?)';
    return Number(this.#prepared(sql).run(email, ERASED_AT_ONCE).changes) === ERASED_AT_ONCE;
  }

  // Most writes leave what a document is found by as it was: the first statement then spares every index.

  #writeHot<K extends Kind>(email: string, kind: K, doc: Docs[K], body: string): void {
    const version = versionOf(kind, this.#migrations);
    const dueAt = TRAITS[kind].dueAt?.(doc) ?? null;
    const update = this.#prepared(
      'UPDATE hot SET version = ?, body = ? WHERE kind = ? AND email = ? AND due_at IS ?',
    ).run(version, body, kind, email, dueAt);
    if (Number(update.changes) > 0) return;
    this.#prepared(
      `INSERT INTO hot (email, kind, version, due_at, body) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET version = excluded.version, due_at = excluded.due_at, body = excluded.body`,
    ).run(email, kind, version, dueAt, body);
  }

  #writeDocument<K extends Kind>(email: string, kind: K, id: string, doc: Docs[K], body: string): void {
    const version = versionOf(kind, this.#migrations);
    const found = foundBy(kind, id, doc);
    const update = this.#prepared(
      `UPDATE document SET version = ?, body = ? WHERE email = ? AND kind = ? AND id = ?
        AND sort IS ? AND car IS ? AND type IS ? AND flag IS ?`,
    ).run(version, body, email, kind, id, ...found);
    if (Number(update.changes) > 0) return;
    this.#prepared(
      `INSERT INTO document (email, kind, id, version, body, sort, car, type, flag) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET version = excluded.version, body = excluded.body,
          sort = excluded.sort, car = excluded.car, type = excluded.type, flag = excluded.flag`,
    ).run(email, kind, id, version, body, ...found);
  }

  #decoded<K extends Kind>(kind: K, id: string, row: Columns): Docs[K] {
    const stored = { version: number(row, 'version'), text: text(row, 'body') };
    return decodeDocument(kind, id, stored, this.#migrations);
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** The columns sort, car, type, flag. */
function foundBy<K extends Kind>(kind: K, id: string, doc: Docs[K]): SQLInputValue[] {
  const sort = sortOf(kind, id, doc);
  const { filters } = TRAITS[kind];
  const columns: SQLInputValue[] = [typeof sort === 'number' ? sort : null];
  if (filters === undefined) return [...columns, null, null, null];
  const flag = filters.needsReview ?? filters.waiting ?? filters.suspicious;
  return [...columns, filters.carId?.(doc) ?? null, filters.tripType?.(doc) ?? '', Number(flag?.(doc) ?? false)];
}
