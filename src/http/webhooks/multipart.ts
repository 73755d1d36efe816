/** Text fields of a `multipart/form-data` body. Files are left out; a damaged body gives the fields that can be found. */

const BOUNDARY = /boundary=(?:"([^"]+)"|([^;\s]+))/i;
const NAME = /(?:^|[;\s])name=(?:"([^"]*)"|([^;\s]+))/i;
const FILE = /(?:^|[;\s])filename\*?=/i;

export function multipartFields(contentType: string, body: string): [string, string][] {
  const boundary = boundaryOf(contentType, body);
  if (boundary === null) return [];
  return body.split(boundary).flatMap((part) => fieldOf(part));
}

/** The line between the parts: as announced, else as the body begins. */
function boundaryOf(contentType: string, body: string): string | null {
  const announced = BOUNDARY.exec(contentType);
  const name = announced?.[1] ?? announced?.[2];
  if (name !== undefined && body.includes(`--${name}`)) return `--${name}`;
  return /^\s*(--\S+)/.exec(body)?.[1] ?? null;
}

function fieldOf(part: string): [string, string][] {
  const [head = '', ...rest] = part.replace(/^\r?\n/, '').split(/\r?\n\r?\n/);
  const name = NAME.exec(head);
  if (!name || FILE.test(head)) return [];
  return [[name[1] ?? name[2] ?? '', rest.join('\n\n').replace(/\r?\n$/, '')]];
}
