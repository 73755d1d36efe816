/** The kinds of files a report comes as. */

import type { Part, ReportHead } from '../../domain/reports/report.ts';
import { csvReport } from './csv.ts';
import { pdfReport } from './pdf.ts';
import { xlsxReport } from './xlsx.ts';

export const FORMATS = ['csv', 'xlsx', 'pdf'] as const;
export type Format = (typeof FORMATS)[number];

interface FormatTraits {
  readonly contentType: string;
  /** For people to read, not for programs. */
  readonly isPaper: boolean;
  readonly write: (head: ReportHead, parts: AsyncIterable<Part>) => AsyncIterable<Uint8Array>;
}

export const FORMAT_TRAITS: Readonly<Record<Format, FormatTraits>> = {
  csv: { contentType: 'text/csv; charset=utf-8', isPaper: false, write: csvReport },
  xlsx: {
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    isPaper: false,
    write: xlsxReport,
  },
  pdf: { contentType: 'application/pdf', isPaper: true, write: pdfReport },
};
