/** Reading outside of a transaction. */

import { asked, patiently } from './patience.ts';

/** The client itself repeats a read for some seconds before it says that it failed. */
const READ_LIMIT_MS = 10_000;

export function readOnce<T>(ask: () => Promise<T>): Promise<T> {
  return patiently(() => asked(ask, READ_LIMIT_MS));
}
