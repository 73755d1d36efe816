/** Encrypting what users entrust to us with a key that does not lie in the store. */

import type { Sealed } from '../domain/secrets.ts';

export interface Vault {
  /**
   * Bound to `owner`: sealed text that was moved to another user or car does not open. Throws `Problem('not_configured')`
   * where no key is set.
   */
  seal(text: string, owner: string): Sealed;
  /** Throws `UnreadableSecret` when it was sealed with a key this installation does not have, moved, or changed. */
  open(sealed: Sealed, owner: string): string;
  /** Whether it was sealed with the first key, the one that encrypts. */
  isCurrent(sealed: Sealed): boolean;
}

/** The message names the key's id and why, never anything of the text. */
export class UnreadableSecret extends Error {
  override readonly name = 'UnreadableSecret';
}
