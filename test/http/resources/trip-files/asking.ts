/** What the tests of the import share: a logbook with two cars, and a way to send a file. */

import { JAN } from '../../../support/app.ts';
import { dump } from '../../../support/dump.ts';
import { openLogbook, type Answer } from '../logbook.ts';

export interface Sent {
  readonly mapping?: object;
  readonly query?: string;
}

export async function openImports() {
  const logbook = openLogbook();
  const { ask, storePath } = logbook;
  const car = async (body: object) => (await ask(JAN, 'POST', '/cars', body)).body.id as string;
  const golf = await car({ name: 'Golf', license_plate: '12-ABC-3' });
  const polo = await car({ name: 'Polo' });
  const send = (csv: string, { mapping, query = '' }: Sent = {}): Promise<Answer> =>
    ask(JAN, 'POST', `/import${query}`, { csv, ...(mapping && { mapping }) });
  const held = () => dump(storePath, JAN);
  /** Trips and totals, as they stand in the book. When they were last written does not count. */
  const inBook = () =>
    Object.entries(held())
      .filter(([key]) => /^(trip|month)\//.test(key))
      .map(([key, doc]) => [key, { ...(doc as object), updatedAt: 0 }]);
  return { ...logbook, golf, polo, send, held, inBook };
}

/** Lines of a file, each made of its cells. */
export function csvOf(rows: readonly (readonly (string | number)[])[], delimiter = ',', newline = '\n'): string {
  const cell = (text: string) => (/[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((cells) => cells.map((one) => cell(String(one))).join(delimiter) + newline).join('');
}
