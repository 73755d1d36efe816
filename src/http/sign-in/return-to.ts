/** Where somebody goes on after signing in: a path of this service, whatever the request would like. */

const HERE = 'http://here.invalid';
const LONGEST = 1_000;
/** The session says who calls; and what is kept meanwhile names nobody. */
const CALLING = ['user', 'token'];

/** `null`: not named, or somewhere else. */
export function ownPath(wanted: string | undefined): string | null {
  if (wanted === undefined || wanted.length > LONGEST || !wanted.startsWith('/') || !URL.canParse(wanted, HERE)) {
    return null;
  }
  const url = new URL(wanted, HERE);
  if (url.origin !== HERE || url.pathname.startsWith('//')) return null;
  for (const name of CALLING) if (url.searchParams.has(name)) url.searchParams.delete(name);
  return url.pathname + url.search + url.hash;
}
