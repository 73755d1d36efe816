/** What SQLite's error codes mean to us. */

const BUSY = 5;
const LOCKED = 6;

const REASONS: Readonly<Record<number, string>> = {
  3: 'permission denied',
  [BUSY]: 'another program holds it',
  [LOCKED]: 'another program holds it',
  8: 'it cannot be written',
  10: 'the disk does not answer',
  11: 'it is damaged',
  13: 'the disk is full',
  14: 'it cannot be opened or written',
  26: 'it is not a database',
};

/** SQLite's primary result code, or `null` for any other error. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

/** What SQLite answers as a value rather than as an error. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

/** Somebody else is in the way: worth another try. */
export function isBusy(error: unknown): boolean {
  if (error instanceof Busy) return true;
  const code = sqliteCode(error);
  return code === BUSY || code === LOCKED;
}

/** `close()` was called before. */
export function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE';
}

/** Why a file cannot be used, in words. */
export function reasonOf(error: unknown): string {
  const code = sqliteCode(error);
  const known = code === null ? undefined : REASONS[code];
  if (known !== undefined) return known;
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
