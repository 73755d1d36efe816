/** Text on pages: how wide it is, where its lines break, and what the font cannot show. */

import { fileURLToPath } from 'node:url';
import { sparingly, type OpenedFont } from './opened-font.ts';
import { printable } from './printable.ts';

const FONTS = {
  regular: fontFile('DejaVuSansCondensed.ttf'),
  bold: fontFile('DejaVuSansCondensed-Bold.ttf'),
} as const;
export type Face = keyof typeof FONTS;

function fontFile(name: string): string {
  return fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}`));
}

/** Stands for a character the font does not know. */
const UNKNOWN = '\u25af';
/** What only says how the one before it looks, or ties two together. */
const UNSEEN = /\p{Cf}|\p{Variation_Selector}|\p{Emoji_Modifier}/gu;
/** Where a word that is too wide is broken if it can be: `Hugo-Junkers-` `Straße`. */
const WITH_BREAK = /^(.{2,}[-–/@_])(.+)$/su;
const MOST_REMEMBERED = 20_000;

export class Typesetter {
  readonly #doc: PDFKit.PDFDocument;
  readonly #widths: Readonly<Record<Face, Map<string, number>>> = { regular: new Map(), bold: new Map() };
  readonly #known = new Map<number, boolean>();
  #face: Face | null = null;

  constructor(doc: PDFKit.PDFDocument) {
    this.#doc = doc;
    for (const [name, path] of Object.entries(FONTS)) {
      doc.registerFont(name, path).font(name);
      sparingly(this.opened());
    }
  }

  use(face: Face, size: number): void {
    if (this.#face !== face) this.#doc.font(face);
    this.#face = face;
    this.#doc.fontSize(size);
  }

  /** The font in use, for what is written past the library. */
  opened(): OpenedFont {
    // oxlint-disable-next-line no-underscore-dangle -- the library has no other name for it
    return (this.#doc as PDFKit.PDFDocument & { readonly _font: OpenedFont })._font;
  }

  /** With a sign for each character that has none here. */
  clean(text: string): string {
    const plain = printable(text).normalize('NFC').replace(UNSEEN, '').replaceAll('\t', ' ');
    if (/^[\n -~\u00a0-\u017f]*$/.test(plain)) return plain;
    return Array.from(plain, (character) => (this.#shows(character) ? character : UNKNOWN)).join('');
  }

  #shows(character: string): boolean {
    const codePoint = character.codePointAt(0) ?? 0;
    if (codePoint === 0x0a) return true;
    const known = this.#known.get(codePoint) ?? this.opened().font.hasGlyphForCodePoint(codePoint);
    this.#known.set(codePoint, known);
    return known;
  }

  /** Points, at the size. */
  width(text: string, face: Face, size: number): number {
    const widths = this.#widths[face];
    const known = widths.get(text);
    if (known !== undefined) return known * size;
    this.use(face, size);
    const width = this.#doc.widthOfString(text) / size;
    if (widths.size >= MOST_REMEMBERED) widths.clear();
    widths.set(text, width);
    return width * size;
  }

  /** Lines no wider than that; words that are wider themselves are broken. */
  lines(text: string, room: number, face: Face, size: number): string[] {
    return this.clean(text)
      .split('\n')
      .flatMap((line) => this.#broken(line, room, face, size));
  }

  #broken(text: string, room: number, face: Face, size: number): string[] {
    if (text === '' || this.width(text, face, size) <= room) return [text];
    const space = this.width(' ', face, size);
    const lines: string[] = [];
    let line = '';
    let filled = 0;
    for (const word of text.split(/ +/).flatMap((one) => this.#pieces(one, room, face, size))) {
      const width = this.width(word, face, size);
      if (line !== '' && filled + space + width > room) {
        lines.push(line);
        line = '';
        filled = 0;
      }
      filled += (line === '' ? 0 : space) + width;
      line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, line];
  }

  #pieces(word: string, room: number, face: Face, size: number): string[] {
    if (this.width(word, face, size) <= room) return [word];
    const pieces: string[] = [];
    let piece = '';
    let filled = 0;
    for (const character of word) {
      const width = this.width(character, face, size);
      if (piece !== '' && filled + width > room) {
        const [whole = piece, rest = ''] = WITH_BREAK.exec(piece)?.slice(1) ?? [];
        pieces.push(whole);
        piece = rest;
        filled = this.width(rest, face, size);
      }
      piece += character;
      filled += width;
    }
    return [...pieces, piece];
  }
}
