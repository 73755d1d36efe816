/** One line per thing that happened. Never a token, a coordinate or an address of a place. */

export type Severity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

export interface Log {
  write(severity: Severity, message: string, fields?: Readonly<Record<string, unknown>>): void;
}
