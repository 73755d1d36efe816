/** Text as a file for people can hold it. */

// oxlint-disable-next-line no-control-regex -- control characters are exactly what goes
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g;
const CUT = ' […]';

/** Without what no document may hold; lines end as one kind. */
export function printable(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROLS, '');
}

/** What does not fit is missed visibly. */
export function cutTo(text: string, longest: number): string {
  return text.length <= longest ? text : text.slice(0, longest - CUT.length).toWellFormed() + CUT;
}
