/** As much of an opened font as the library's types leave out, and a way to set text with it that does without shaping. */

interface Glyph {
  readonly id: number;
  readonly advanceWidth: number;
}

interface Position {
  readonly xAdvance: number;
  readonly yAdvance: number;
  readonly xOffset: number;
  readonly yOffset: number;
  readonly advanceWidth: number;
}

interface Run {
  readonly glyphs: readonly Glyph[] | null;
  readonly positions: readonly Position[] | null;
  readonly advanceWidth: number;
}

export interface OpenedFont {
  readonly id: string;
  /** Thousandths of the size, for a unit of the font. */
  readonly scale: number;
  readonly font: { hasGlyphForCodePoint(codePoint: number): boolean; glyphForCodePoint(codePoint: number): Glyph };
  layout: (text: string, features?: unknown, onlyWidth?: boolean) => Run;
  encode(text: string): [readonly string[], unknown];
  ref(): unknown;
}

/** Scripts whose letters stand one after the other, each with a form of its own. */
const SIMPLE = /^[\u0020-\u02ff\u0370-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20cf\u2100-\u25ff]*$/;

/**
 * Shaping costs ten times what all else about a page does, and remembers every word. Letters of simple scripts need
 * none; others are still shaped.
 */
export function sparingly(font: OpenedFont): void {
  const shaped = font.layout.bind(font);
  const letters = new Map<string, { readonly glyph: Glyph; readonly position: Position }>();
  const letter = (character: string) => {
    const known = letters.get(character);
    if (known !== undefined) return known;
    const glyph = font.font.glyphForCodePoint(character.codePointAt(0) ?? 0);
    const advanceWidth = glyph.advanceWidth * font.scale;
    const made = { glyph, position: { xAdvance: advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0, advanceWidth } };
    letters.set(character, made);
    return made;
  };
  font.layout = (text, features, onlyWidth) => {
    if (!SIMPLE.test(text)) return shaped(text, features, onlyWidth);
    let advanceWidth = 0;
    for (const character of text) advanceWidth += letter(character).position.advanceWidth;
    if (onlyWidth) return { glyphs: null, positions: null, advanceWidth };
    const set = Array.from(text, letter);
    return { glyphs: set.map(({ glyph }) => glyph), positions: set.map(({ position }) => position), advanceWidth };
  };
}
