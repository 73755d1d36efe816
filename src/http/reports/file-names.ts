/** What a downloaded report is called: of what kind, of which car, of which period. Plain letters, so that every system takes it. */

import type { Period } from '../../domain/periods.ts';
import { monthPeriod } from '../../domain/periods.ts';
import type { Car } from '../../domain/cars.ts';
import type { ReportHead } from '../../domain/reports/report.ts';

export function fileNameOf(head: ReportHead, car: Car | null, period: Period, format: string): string {
  const kind = head.language.words.fileNames[head.layout];
  const parts = [kind, car === null ? '' : plain(car.licensePlate ?? car.name), periodName(period)];
  return `${parts.filter((part) => part !== '').join('-')}.${format}`;
}

function periodName({ from, to }: Period): string {
  if (from !== null && to !== null) {
    const [year = '', month = ''] = from.split('-');
    if (from === `${year}-01-01` && to === `${year}-12-31`) return year;
    if (monthPeriod(Number(year), Number(month)).to === to && from.endsWith('-01')) return `${year}-${month}`;
  }
  return [from, to].filter((date) => date !== null).join('-to-');
}

function plain(name: string): string {
  const letters = name.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-');
  return letters.replace(/^-+|-+$/g, '').slice(0, 40);
}
