/** Log lines as JSON, one object a line, in the words Cloud Logging understands. */

import type { Log, Severity } from '../../seams/log.ts';

const ORDER: readonly Severity[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR'];

export interface LineLog extends Log {
  /** Hands over what has gathered. Lines of one turn of the event loop go out in one write. */
  flush(): void;
}

export function lineLog(write: (lines: string) => void, least: Severity): LineLog {
  const lowest = ORDER.indexOf(least);
  let waiting = '';
  const flush = (): void => {
    const lines = waiting;
    waiting = '';
    if (lines !== '') write(lines);
  };
  return {
    write(severity, message, fields) {
      if (ORDER.indexOf(severity) < lowest) return;
      if (waiting === '') setImmediate(flush);
      waiting += `${line(severity, message, fields)}\n`;
    },
    flush,
  };
}

function line(severity: Severity, message: string, fields: Readonly<Record<string, unknown>> | undefined): string {
  const head = { severity, time: new Date().toISOString(), message };
  if (fields === undefined) return JSON.stringify(head);
  try {
    return JSON.stringify({ ...head, ...fields }, fields['error'] === undefined ? undefined : withErrors);
  } catch {
    return JSON.stringify({ ...head, fields: 'not writable as JSON' });
  }
}

/** An error says nothing as JSON unless it is told to. */
function withErrors(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { ...value, name: value.name, message: value.message, stack: value.stack, cause: value.cause };
}
