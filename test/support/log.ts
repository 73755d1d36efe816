/** Keeps what was logged, as it would be read. */

import type { Log, Severity } from '../../src/seams/log.ts';

export interface Line {
  readonly severity: Severity;
  readonly message: string;
  readonly [field: string]: unknown;
}

export class KeptLog implements Log {
  readonly lines: Line[] = [];

  write(severity: Severity, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push({ severity, message, ...fields });
  }
}
