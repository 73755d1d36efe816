/** Who did something, in an export. */

import type { Actor } from '../../../domain/activity.ts';
import { either, id, object, oneOf, text } from './forms.ts';

/** Who it was is history: it is told, and gives nobody a right. */
export const actor = either<Actor, 'kind'>('kind', {
  rules: object<Extract<Actor, { kind: 'rules' }>>({ kind: oneOf('rules') }),
  token: object<Extract<Actor, { kind: 'token' }>>({ kind: oneOf('token'), tokenId: id, label: text }),
  session: object<Extract<Actor, { kind: 'session' }>>({ kind: oneOf('session'), sessionId: id }),
  identity: object<Extract<Actor, { kind: 'identity' }>>({ kind: oneOf('identity') }),
  open: object<Extract<Actor, { kind: 'open' }>>({ kind: oneOf('open') }),
});
