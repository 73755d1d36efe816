/** A vault with a key of the tests. */

import { openVault } from '../../src/adapters/system/vault.ts';

export const TEST_KEY = new Uint8Array(32).fill(7);
export const testVault = openVault([TEST_KEY]);
