import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findEmulator } from './emulator.ts';
import { scratchFolder } from './scratch.ts';

const IN_SDK = 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar';

function file(...path: readonly string[]): string {
  const name = join(...path);
  mkdirSync(dirname(name), { recursive: true });
  writeFileSync(name, '');
  return name;
}

describe('the Firestore emulator is found', () => {
  test('beside a `gcloud` that is linked into the path', () => {
    const folder = scratchFolder();
    const jar = file(folder, 'sdk', IN_SDK);
    file(folder, 'bin', 'other');
    symlinkSync(file(folder, 'sdk', 'bin', 'gcloud'), join(folder, 'bin', 'gcloud'));
    expect(findEmulator({ PATH: `/nowhere:${join(folder, 'bin')}` }, folder, [])).toBe(jar);
  });

  test('where a script called `gcloud` points to', () => {
    const folder = scratchFolder();
    const jar = file(folder, 'lib', 'google-cloud-sdk', IN_SDK);
    const script = `#!/bin/sh\nexec "${folder}/lib/google-cloud-sdk/bin/gcloud" "$@"\n`;
    writeFileSync(file(folder, 'bin', 'gcloud'), script);
    expect(findEmulator({ PATH: join(folder, 'bin') }, folder, [])).toBe(jar);
  });

  test('where the environment says the SDK is, or in the home folder', () => {
    const folder = scratchFolder();
    const home = file(folder, 'google-cloud-sdk', IN_SDK);
    expect(findEmulator({}, folder, [])).toBe(home);
    const named = file(folder, 'elsewhere', IN_SDK);
    expect(findEmulator({ CLOUDSDK_ROOT_DIR: join(folder, 'elsewhere') }, folder, [])).toBe(named);
  });

  test('in what `firebase-tools` keeps, the newest', () => {
    const cache = scratchFolder();
    const jars = ['1.9.1', '1.19.10', '1.19.9'].map((version) =>
      file(cache, `cloud-firestore-emulator-v${version}.jar`),
    );
    expect(findEmulator({ FIREBASE_EMULATORS_PATH: cache }, cache, [])).toBe(jars[1]);
    expect(findEmulator({}, cache, [])).toBeNull();
  });

  test('where package managers put the SDK', () => {
    const folder = scratchFolder();
    const jar = file(folder, 'usr', 'google-cloud-cli', IN_SDK);
    expect(findEmulator({}, folder, [join(folder, 'usr')])).toBe(jar);
  });
});
