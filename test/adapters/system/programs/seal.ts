/** Seals a text with the key of a file when told to, and says it as JSON. `seal.ts FILE OWNER` */

import { vaultWith } from '../../../../src/adapters/system/key-file.ts';

const [, , file = '', owner = ''] = process.argv;
const vault = vaultWith({ given: [], file });
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  process.stdout.write(`sealed ${JSON.stringify(vault.seal('a text', owner))}\n`);
  process.stdin.destroy();
});
