/** The kinds of files a report comes as. What writes one is loaded when it is first asked for: a phone's first call does not wait for it. */

import type { Part, ReportHead } from '../../domain/reports/report.ts';

export const FORMATS = ['csv', 'xlsx', 'pdf'] as const;
export type Format = (typeof FORMATS)[number];

type Write = (head: ReportHead, parts: AsyncIterable<Part>) => AsyncIterable<Uint8Array>;

interface FormatTraits {
  readonly contentType: string;
  /** For people to read, not for programs. */
  readonly isPaper: boolean;
  readonly load: () => Promise<Write>;
}

export const FORMAT_TRAITS: Readonly<Record<Format, FormatTraits>> = {
  csv: {
    contentType: 'text/csv; charset=utf-8',
    isPaper: false,
    load: async () => (await import('./csv.ts')).csvReport,
  },
  xlsx: {
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    isPaper: false,
    load: async () => (await import('./xlsx.ts')).xlsxReport,
  },
  pdf: {
    contentType: 'application/pdf',
    isPaper: true,
    load: async () => (await import('./pdf.ts')).pdfReport,
  },
};
