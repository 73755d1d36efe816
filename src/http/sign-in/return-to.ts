/** Where somebody goes on after signing in: a path of this service, whatever the request would like. */

const HERE = 'http://here.invalid';
const LONGEST = 1_000;

/** `null`: not named, or somewhere else. */
export function ownPath(wanted: string | undefined): string | null {
  if (wanted === undefined || wanted.length > LONGEST || !wanted.startsWith('/') || !URL.canParse(wanted, HERE)) {
    return null;
  }
  const { origin, pathname, search, hash } = new URL(wanted, HERE);
  if (origin !== HERE || pathname.startsWith('//')) return null;
  return pathname + search + hash;
}
