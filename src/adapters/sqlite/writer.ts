/** The one writer: calls that wait together are committed together, and each is answered only after that commit. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { outOfPatience, PATIENCE_MS } from '../../seams/contention.ts';
import { StoreUnavailable } from '../../seams/store-errors.ts';
import type { Documents } from './documents.ts';
import { isBusy } from './errors.ts';
import { Group } from './group.ts';
import { nextTryMs } from './patience.ts';
import type { Snapshot } from './snapshot.ts';

interface Job {
  readonly giveUpAt: number;
  /** Runs it and answers how to tell its caller, once the commit stands. */
  readonly run: (group: Group) => () => void;
  readonly reject: (error: unknown) => void;
}

/** So that a rush of calls does not keep the first of them waiting for the last. */
const MOST_AT_ONCE = 256;

export class Writer {
  readonly #db: DatabaseSync;
  readonly #documents: Documents;
  readonly #snapshot: Snapshot;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #waiting: Job[] = [];
  #scheduled = false;
  #closed = false;
  #whenIdle: (() => void)[] = [];

  constructor(db: DatabaseSync, documents: Documents, snapshot: Snapshot) {
    this.#db = db;
    this.#documents = documents;
    this.#snapshot = snapshot;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
  }

  /** `run` may be called more than once; what it throws rejects its own call only. */
  write<T>(run: (group: Group) => T): Promise<T> {
    if (this.#closed) return Promise.reject(new StoreUnavailable('the store is closed'));
    return new Promise<T>((resolve, reject) => {
      const attempt = (group: Group) => {
        try {
          const value = run(group);
          return () => resolve(value);
        } catch (error) {
          return () => reject(error);
        }
      };
      this.#waiting.push({ giveUpAt: performance.now() + PATIENCE_MS, run: attempt, reject });
      this.#schedule();
    });
  }

  /** Takes no more calls; resolves when those that wait are answered. */
  close(): Promise<void> {
    this.#closed = true;
    if (this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const jobs = this.#waiting.splice(0, MOST_AT_ONCE);
    const left = this.#commitTogether(jobs);
    if (left.length > 0) this.#tryLater(left);
    else if (this.#waiting.length > 0) this.#schedule();
    else for (const idle of this.#whenIdle.splice(0)) idle();
  }

  /** Answers the jobs another process stood in the way of. */
  #commitTogether(jobs: readonly Job[]): readonly Job[] {
    try {
      for (const tell of this.#transact(jobs)) tell();
      return [];
    } catch (error) {
      if (isBusy(error)) return jobs;
      if (jobs.length > 1) return this.#commitOneByOne(jobs);
      for (const job of jobs) job.reject(error);
      return [];
    }
  }

  /** One of them spoils the commit, a document too large for instance: the others shall not suffer for it. */
  #commitOneByOne(jobs: readonly Job[]): readonly Job[] {
    for (const [i, job] of jobs.entries()) {
      if (this.#commitTogether([job]).length > 0) return jobs.slice(i);
    }
    return [];
  }

  #transact(jobs: readonly Job[]): (() => void)[] {
    this.#begin.run();
    try {
      this.#snapshot.renew();
      const group = new Group(this.#documents, this.#snapshot);
      const tell = jobs.map((job) => job.run(group));
      group.finish();
      // SQLite itself rolls back after some failures; what ran after that was not part of any transaction.
      if (!this.#db.isTransaction) throw new StoreUnavailable('the store gave up a transaction');
      this.#commit.run();
      return tell;
    } catch (error) {
      this.#snapshot.clear();
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #tryLater(jobs: readonly Job[]): void {
    const now = performance.now();
    for (const job of jobs) if (job.giveUpAt <= now) job.reject(outOfPatience());
    this.#waiting.unshift(...jobs.filter((job) => job.giveUpAt > now));
    this.#scheduled = true;
    setTimeout(() => this.#flush(), nextTryMs());
  }
}
