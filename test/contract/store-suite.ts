/** What every store must do, whatever it is made of. A new one passes this unchanged. */

import { contentionContract } from './contention.ts';
import { documentContract } from './documents.ts';
import { listContract } from './lists.ts';
import type { OpenStore } from './opened.ts';
import { systemContract } from './system.ts';
import { tokenContract } from './tokens.ts';
import { userContract } from './users.ts';
import { versionContract } from './versions.ts';

/** Call inside a `describe`. `open` answers an empty store each time it is called. */
export function storeContract(open: OpenStore): void {
  documentContract(open);
  contentionContract(open);
  listContract(open);
  userContract(open);
  tokenContract(open);
  systemContract(open);
  versionContract(open);
}
