/** Text as phones write numbers, in plain characters: other scripts' digits, typographic signs, invisible marks. */

/** The zero of each script whose ten digits follow one another; full-width ones are folded by NFKC. */
const ZEROS = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0,
  0x0f20, 0x1040, 0x17e0, 0x1810,
];
const PLAIN = /^[ -~]*$/;
const MARKS = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const MINUSES = /[\u2010-\u2015\u2212\ufe63\uff0d]/g;
const FOREIGN_DIGIT = /[^ -~]/g;

/**
 * The same text with ASCII digits, `-` for every kind of minus, `.` for the Arabic decimal mark and `;` for the Arabic
 * comma, without direction marks and outer space. Letters of other scripts stay as they are.
 */
export function plainText(text: string): string {
  if (PLAIN.test(text)) return text.trim();
  return text
    .normalize('NFKC')
    .replace(MARKS, '')
    .replace(MINUSES, '-')
    .replaceAll('\u066b', '.')
    .replaceAll('\u060c', ';')
    .replace(FOREIGN_DIGIT, plainDigit)
    .trim();
}

function plainDigit(character: string): string {
  const code = character.charCodeAt(0);
  const zero = ZEROS.find((first) => code >= first && code <= first + 9);
  return zero === undefined ? character : String(code - zero);
}
