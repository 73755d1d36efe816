/** Asking something of a service of the web: within a time, a size, and nowhere else than where it was asked. */

import type { SaidWait } from '../domain/retry-after.ts';
import type { Looked } from '../domain/services.ts';

export interface WebAnswer {
  readonly status: number;
  /** The body as JSON; `undefined`: it is none. */
  readonly body: unknown;
  readonly said: SaidWait;
}

export interface Web {
  /** Never throws for what the other side does; also an answer with a status that means a failure is one. */
  get(address: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Looked<WebAnswer>>;
}
