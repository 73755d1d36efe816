/** Log lines as JSON, one object a line, in the words Cloud Logging understands. */

import type { Log, Severity } from '../../seams/log.ts';

const ORDER: readonly Severity[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR'];
/** Under load a write per turn would cost more than the requests in it. */
const WRITES_APART_MS = 5;

export interface LineLog extends Log {
  /** Hands over what has gathered. */
  flush(): void;
}

/** Lines are handed over at the end of the turn; those that follow closely, together. */
export function lineLog(write: (lines: string) => void, least: Severity): LineLog {
  const lowest = ORDER.indexOf(least);
  let waiting = '';
  let writtenAtMs = -WRITES_APART_MS;
  const flush = (): void => {
    const lines = waiting;
    waiting = '';
    writtenAtMs = performance.now();
    if (lines !== '') write(lines);
  };
  const schedule = (): void => {
    if (performance.now() - writtenAtMs < WRITES_APART_MS) setTimeout(flush, WRITES_APART_MS);
    else setImmediate(flush);
  };
  return {
    write(severity, message, fields) {
      if (ORDER.indexOf(severity) < lowest) return;
      if (waiting === '') schedule();
      waiting += line(severity, message, fields);
    },
    flush,
  };
}

/** Put together by hand: one line goes with every request. */
function line(severity: Severity, message: string, fields: Readonly<Record<string, unknown>> | undefined): string {
  const head = `{"severity":"${severity}","time":"${timestamp()}","message":${JSON.stringify(message)}`;
  const rest = fields === undefined ? '{}' : written(fields);
  return rest === '{}' ? `${head}}\n` : `${head},${rest.slice(1)}\n`;
}

let stampedMs = -1;
let stamp = '';

function timestamp(): string {
  const now = Date.now();
  if (now !== stampedMs) {
    stampedMs = now;
    stamp = new Date(now).toISOString();
  }
  return stamp;
}

function written(fields: Readonly<Record<string, unknown>>): string {
  try {
    return fields['error'] === undefined ? JSON.stringify(fields) : JSON.stringify(fields, withErrors);
  } catch {
    return '{"fields":"not writable as JSON"}';
  }
}

/** An error says nothing as JSON unless it is told to. */
function withErrors(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { ...value, name: value.name, message: value.message, stack: value.stack, cause: value.cause };
}
