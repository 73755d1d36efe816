/** What the writers of tables share: rows in portions, and what stands behind the table. */

import { setImmediate } from 'node:timers/promises';
import type { Part, ReportHead } from '../../domain/reports/report.ts';

const ROWS_AT_ONCE = 50;

/** Others get their turn between two of them. */
export async function* portionsOf(parts: AsyncIterable<Part>): AsyncGenerator<readonly Part[]> {
  let portion: Part[] = [];
  for await (const part of parts) {
    portion.push(part);
    if (portion.length < ROWS_AT_ONCE) continue;
    yield portion;
    portion = [];
    await setImmediate();
  }
  if (portion.length > 0) yield portion;
}

/** What the report is about, car by car, and what its totals are of: labels and texts. An empty line stands between them. */
export function linesBehind(head: ReportHead, parts: readonly Part[]): (readonly string[])[] {
  const lines: (readonly string[])[] = [[head.title], ...head.facts.map(({ label, text }) => [label, text])];
  for (const part of parts) {
    switch (part.part) {
      case 'section':
        lines.push([], [part.title], ...part.facts.map(({ label, text }) => [label, text]));
        break;
      case 'totals':
        lines.push([], [String(part.cells[0])], ...part.facts.map(({ label, text }) => [label, text]));
        break;
      case 'notes':
        lines.push([], ...(part.title === null ? [] : [[part.title]]), ...part.lines.map((line) => [line]));
        break;
      case 'row':
        break;
    }
  }
  return lines;
}
