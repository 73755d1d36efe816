/** The pages of a report: A4 across, what is on top and at the foot of each, and where the next line goes. */

import PdfDocument from 'pdfkit';
import { dateOf } from '../../domain/units.ts';
import { Typesetter, type Face } from './typesetter.ts';

const MARGIN = 28;
const FOOT = 16;
const FOOT_SIZE = 6.5;
const INK = '#111111';
const MUTED = '#555555';
const LINE = '#c8c8c8';

export interface Titles {
  readonly title: string;
  readonly author: string;
  readonly at: number;
  readonly language: string;
  /** At the foot of each page. */
  readonly foot: string;
  readonly page: string;
  readonly of: string;
}

export class Pages {
  readonly doc: PDFKit.PDFDocument;
  readonly type: Typesetter;
  readonly left = MARGIN;
  readonly width: number;
  readonly #titles: Titles;
  readonly #bottom: number;
  /** How many pages there are is known at the end: every page refers to one small drawing, made then. */
  readonly #count: PDFKit.PDFKitReference;
  #pages = 0;
  #y = 0;
  /** Draws what heads each page from now on. */
  onNewPage: (() => void) | null = null;

  constructor(titles: Titles) {
    this.#titles = titles;
    this.doc = new PdfDocument({
      size: 'A4',
      layout: 'landscape',
      margin: MARGIN,
      autoFirstPage: false,
      lang: titles.language,
      info: { Title: titles.title, Author: titles.author, CreationDate: dateOf(titles.at) },
    });
    this.type = new Typesetter(this.doc);
    this.#count = this.doc.ref({ Type: 'XObject', Subtype: 'Form' });
    this.addPage();
    this.width = this.doc.page.width - 2 * MARGIN;
    this.#bottom = this.doc.page.height - MARGIN - FOOT;
  }

  get y(): number {
    return this.#y;
  }

  /** What is left of the page. */
  get room(): number {
    return this.#bottom - this.#y;
  }

  moveDown(points: number): void {
    this.#y += points;
  }

  addPage(): void {
    this.doc.addPage();
    this.#pages += 1;
    this.#y = MARGIN;
    this.#drawFoot();
    this.onNewPage?.();
  }

  /** One line at `x` of the line in hand. */
  write(text: string, x: number, face: Face, size: number): void {
    if (text === '') return;
    this.type.use(face, size);
    this.doc.text(text, x, this.#y, { lineBreak: false });
  }

  rule(): void {
    this.doc
      .moveTo(MARGIN, this.#y)
      .lineTo(this.doc.page.width - MARGIN, this.#y)
      .lineWidth(0.4)
      .stroke(LINE);
  }

  end(): void {
    this.#drawCount();
    this.doc.end();
  }

  #drawFoot(): void {
    const { foot, page, of } = this.#titles;
    const y = this.doc.page.height - MARGIN - FOOT_SIZE;
    const number = `${page} ${this.#pages} ${of} `;
    const x = this.doc.page.width - MARGIN - COUNT_WIDTH - this.type.width(number, 'regular', FOOT_SIZE);
    this.type.use('regular', FOOT_SIZE);
    this.doc.fillColor(MUTED);
    const [line = ''] = this.type.lines(foot, x - MARGIN - 2 * FOOT_SIZE, 'regular', FOOT_SIZE);
    this.doc.text(line, MARGIN, y, { lineBreak: false });
    this.doc.text(number, x, y, { lineBreak: false });
    const baseline = y + ASCENT * FOOT_SIZE;
    this.doc.page.xobjects['Count'] = this.#count;
    this.doc.addContent(`q 1 0 0 -1 ${this.doc.page.width - MARGIN - COUNT_WIDTH} ${baseline} cm /Count Do Q`);
    this.doc.fillColor(INK);
  }

  #drawCount(): void {
    this.type.use('regular', FOOT_SIZE);
    const font = this.type.opened();
    const [glyphs] = font.encode(String(this.#pages));
    Object.assign(this.#count.data, {
      BBox: [0, -FOOT_SIZE, COUNT_WIDTH, 2 * FOOT_SIZE],
      Resources: { Font: { [font.id]: font.ref() } },
    });
    this.#count.end(Buffer.from(`BT /${font.id} ${FOOT_SIZE} Tf 0.33 g <${glyphs.join('')}> Tj ET`));
  }
}

/** Room for a number of pages. */
const COUNT_WIDTH = 18;
/** Of the font, above the line it stands on. */
const ASCENT = 0.928;
