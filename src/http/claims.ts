/** Whom a request names: `?user=`, `X-User-Email`, the name of a Basic credential. A claim proves nothing. */

import type { Context } from 'hono';
import { Problem } from '../domain/problem.ts';
import { normaliseAddress } from '../domain/users.ts';
import type { Env } from './env.ts';
import { headerText, queryValues } from './query.ts';

/** The one address the request names, `null` when it names none. */
export function claimedUser(c: Context<Env>, basicName: string | null): string | null {
  const header = headerText(c, 'x-user-email');
  const claims = queryValues(c.req.url, 'user');
  if (claims === null) throw invalid('user', 'is not readable: a percent sign must be followed by two digits');
  let user: string | null = null;
  for (const claim of claims) user = agree(user, claim, 'user');
  if (header !== undefined) user = agree(user, header, 'X-User-Email');
  if (basicName !== null) user = agree(user, basicName, 'Authorization');
  return user;
}

/** A blank claim is none: it is what a Shortcut sends when its variable is empty. */
function agree(user: string | null, claim: string, field: string): string | null {
  if (claim.trim() === '') return user;
  const address = normaliseAddress(claim);
  if (address === null) throw invalid(field, 'must be an e-mail address such as jan@example.nl');
  if (user !== null && user !== address) {
    throw new Problem('conflicting_user', 'The request names two different users. Name one.', [
      { field, message: 'differs from the other address in this request' },
    ]);
  }
  return address;
}

function invalid(field: string, message: string): Problem {
  return new Problem('invalid_user', `${field} ${message}.`, [{ field, message }]);
}
