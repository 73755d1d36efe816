/** Which text can be kept: every file we write must be able to hold it. */

/** Half a character, as a client leaves that cuts an emoji, or a control that no file of a report can hold. */
// oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
const UNWRITABLE = /[\p{Cs}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u;

export const WRITABLE = 'text without control characters, and no half of an emoji';

export function isWritable(text: string): boolean {
  return !UNWRITABLE.test(text);
}

/** How long what people write about a trip may be. */
export const LONGEST = { line: 500, notes: 5_000 } as const;
