/** Reading SQLite's loosely typed rows. */

import type { SQLOutputValue } from 'node:sqlite';

export type Columns = Record<string, SQLOutputValue>;

export function text(row: Columns, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`column ${column} holds no text`);
  return value;
}

export function number(row: Columns, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`column ${column} holds no number`);
  return value;
}
