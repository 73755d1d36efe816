/** What Firestore's status codes mean to us. Texts of the server are passed on only where they cannot quote a document. */

import { StoreUnavailable } from '../../seams/store-errors.ts';

const CANCELLED = 1;
const UNKNOWN = 2;
const INVALID_ARGUMENT = 3;
export const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;
const INTERNAL = 13;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

const NAMES: Readonly<Record<number, string>> = {
  [CANCELLED]: 'the call was cancelled',
  [UNKNOWN]: 'it failed without a reason',
  [INVALID_ARGUMENT]: 'it does not take the request',
  [DEADLINE_EXCEEDED]: 'it does not answer in time',
  [NOT_FOUND]: 'there is no such database',
  [PERMISSION_DENIED]: 'permission denied',
  [RESOURCE_EXHAUSTED]: 'a quota is used up',
  [FAILED_PRECONDITION]: 'it refuses in its present state',
  [ABORTED]: 'others were in the way',
  [INTERNAL]: 'it failed inside',
  [UNAVAILABLE]: 'it cannot be reached',
  [UNAUTHENTICATED]: 'the credentials are not accepted',
};

/** Whether a commit that failed so may stand all the same. */
const AMBIGUOUS = new Set([CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE]);
/** May pass by itself: what the client's own transactions are repeated for. */
const TRANSIENT = new Set([...AMBIGUOUS, RESOURCE_EXHAUSTED, ABORTED, UNAUTHENTICATED]);
/** Where the server's words are about the database, an index or the network, and tell the operator what to do. */
const TELLING = new Set([NOT_FOUND, PERMISSION_DENIED, RESOURCE_EXHAUSTED, FAILED_PRECONDITION, UNAVAILABLE]);

/** What a commit fails with when a document is not what it was when it was read. */
const UNMET = new Set([NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION]);

/** A call to Firestore that failed. Never leaves the adapter as it is. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** `null`: it failed before it reached the server, for want of credentials for instance. */
  readonly code: number | null;
  readonly details: string;

  constructor(code: number | null, details: string) {
    super(details);
    this.code = code;
    this.details = details;
  }

  get isContention(): boolean {
    return this.code === ABORTED || this.#isExpired();
  }

  get isTransient(): boolean {
    return (this.code !== null && TRANSIENT.has(this.code)) || this.#isExpired();
  }

  get isAmbiguous(): boolean {
    return this.code !== null && AMBIGUOUS.has(this.code);
  }

  /** As the operator is told: one line. */
  told(): StoreUnavailable {
    return new StoreUnavailable(`Firestore: ${this.#reason()}`);
  }

  #isExpired(): boolean {
    return this.code === INVALID_ARGUMENT && /transaction has expired/.test(this.details);
  }

  #reason(): string {
    const firstLine = this.details.split('\n', 1)[0]?.slice(0, MOST_DETAILS) ?? '';
    if (this.code === null) return firstLine;
    const name = NAMES[this.code] ?? `it failed with code ${this.code}`;
    return TELLING.has(this.code) && firstLine !== '' ? `${name} (${firstLine})` : name;
  }
}

const MOST_DETAILS = 500;

/** Whatever a call of the client threw. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error)) return new Failure(null, String(error));
  const code = 'code' in error && typeof error.code === 'number' ? error.code : null;
  const details = 'details' in error && typeof error.details === 'string' ? error.details : error.message;
  return new Failure(code, details);
}

/** Of a commit only: some document is not what it was when it was read. */
export function isUnmet({ code }: Failure): boolean {
  return code !== null && UNMET.has(code);
}

export function changedMeanwhile(): Failure {
  return new Failure(ABORTED, '');
}
