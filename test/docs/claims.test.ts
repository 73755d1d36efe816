/** The papers hold nothing that is not there, and leave out nothing that is. */

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { PATH as SIMULATOR } from '../../scripts/demo/simulator/page.ts';
import { readConfig } from '../../src/config.ts';
import { testApp } from '../support/app.ts';
import { ROOT } from '../support/programs.ts';
import { scratchFile } from '../support/scratch.ts';
import { blocks, codes, links, paper, PAPERS, table } from './markdown.ts';

const README = paper('README.md');
const PACKAGE: Record<'scripts' | 'dependencies' | 'devDependencies', Record<string, string>> = JSON.parse(
  paper('package.json'),
);

/** A page of the demo, which the description of the service does not describe. */
const PAGES = [SIMULATOR];

/** Read by what we build on, not by us. */
const OF_LIBRARIES = ['FIRESTORE_EMULATOR_HOST'];

/** Hosts of others, whose paths are theirs. */
const ELSEWHERE = /https?:\/\/(operations\.osmfoundation\.org|download\.geofabrik\.de)\S*/g;

describe.each(PAPERS)('%s', (name) => {
  const text = paper(name);

  test('names files that exist', () => {
    const linked = links(text).map((link) => join(dirname(name), link));
    const coded = codes(text).filter((code) => /^(src|scripts|test|docs|\.ci)\/[\w./-]*$|^Dockerfile$/.test(code));
    const missing = [...linked, ...coded].filter((path) => !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => PACKAGE.scripts[script] === undefined)).toEqual([]);
    expect(PACKAGE.scripts).toHaveProperty('start');
  });

  test('names settings that exist', () => {
    const known = new Set([...settings(), ...OF_LIBRARIES]);
    const named = codes(text)
      .map((code) => /^([A-Z]+_[A-Z_]+|AUTH|HOST|PORT|STORE)(=\S+)?$/.exec(code)?.[1])
      .filter((code) => code !== undefined);
    expect(named.filter((code) => !known.has(code))).toEqual([]);
  });

  test('names routes that exist', async () => {
    const known = new Set([...(await routes()).map((route) => route.split(' ')[1]), ...PAGES]);
    const ours = text.replaceAll(ELSEWHERE, '');
    const named = [...codes(ours), ...ours.matchAll(/https?:\/\/[^\s/'`)]+(\/[^\s'`)]*)/g)].flatMap((code) => {
      const said = typeof code === 'string' ? code : (code[1] ?? '');
      const path = /^(?:(?:GET|POST|PATCH|DELETE|·| )+ )?(\/[a-z{}/_.-]*)(?:\?\S*)?$/.exec(said)?.[1];
      return path === undefined ? [] : [path.replace(/(.)\/$/, '$1')];
    });
    const outside = ['/app/data', '/opt/mileage-logbook'];
    expect(named.filter((path) => !known.has(path) && !outside.some((at) => path.startsWith(at)))).toEqual([]);
  });
});

function settings(): string[] {
  return [...paper('src/config.ts').matchAll(/\bread\('([A-Z_]+)'/g)].map(([, name = '']) => name);
}

async function routes(): Promise<string[]> {
  const { app } = testApp();
  const described = (await (await app.request('/openapi.json')).json()) as { paths: Record<string, object> };
  const methods = (path: object) => Object.keys(path).filter((key) => key !== 'parameters');
  return Object.entries(described.paths).flatMap(([path, at]) =>
    methods(at).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

describe('the README', () => {
  test('lists every route, and no other', async () => {
    const listed = table(README, 'api').flatMap(([cell = '']) =>
      codes(cell).flatMap((code) => {
        const words = code.split(/[ ·]+/);
        const path = words.at(-1) ?? '';
        return words.slice(0, -1).map((method) => `${method} ${path}`);
      }),
    );
    expect(listed.toSorted()).toEqual((await routes()).toSorted());
  });

  test('lists every setting, and no other', () => {
    const listed = table(README, 'configuration').flatMap(([cell = '']) => codes(cell));
    expect(listed.toSorted()).toEqual([...new Set(settings())].toSorted());
  });

  test('tells the defaults as they are', () => {
    const config = readConfig({});
    const { store } = config;
    const path = store.kind === 'sqlite' ? store.path : '';
    const defaults = new Map(table(README, 'configuration').map(([name = '', , value = '']) => [name, value]));
    expect(defaults.get('`PORT`, `HOST`')).toContain(`${config.port}; \`${config.host}\``);
    expect(defaults.get('`SQLITE_PATH`')).toBe(`\`${path.slice(ROOT.length + 1)}\``);
    const onFirestore = readConfig({ STORE: 'firestore', GOOGLE_CLOUD_PROJECT: 'p' });
    const every = `${config.pollIntervalSeconds}; ${onFirestore.pollIntervalSeconds} with \`STORE=firestore\``;
    expect(defaults.get('`POLL_INTERVAL_SECONDS`')).toBe(every);
    expect(defaults.get('`RATE_LIMIT_PER_MINUTE`')).toBe(String(config.ratePerMinute));
    expect(defaults.get('`LOG_LEVEL`')).toBe(`\`${config.logLevel.toLowerCase()}\``);
    const { timeZone, language } = config.newUser;
    expect(defaults.get('`DEFAULT_TIME_ZONE`, `DEFAULT_LANGUAGE`')).toBe(`\`${timeZone}\`, \`${language}\``);
  });

  test('gives every dependency its reason, and no other', () => {
    const rows = README.split('| dependency |')[1]?.split('\n\n')[0] ?? '';
    const listed = rows.split('\n').flatMap((row) => codes(row.split('|')[1] ?? ''));
    expect(listed.toSorted()).toEqual(Object.keys({ ...PACKAGE.dependencies, ...PACKAGE.devDependencies }).toSorted());
  });

  test('explains every command a user has', () => {
    const forUsers = Object.keys(PACKAGE.scripts).filter((script) => !['start', 'test'].includes(script));
    expect(forUsers.filter((script) => !README.includes(`npm run ${script}`))).toEqual([]);
  });

  test('shows a picture that is one, and light', () => {
    const picture = readFileSync(join(ROOT, 'docs/home.png'));
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.length).toBeLessThan(200_000);
  });
});

describe('the home server', () => {
  const text = paper('docs/home-server.md');

  test('has settings that start, ask for tokens and listen on loopback alone', () => {
    const [env = ''] = blocks(text, 'ini');
    expect(readConfig(parseEnv(env))).toMatchObject({ auth: 'required', host: '127.0.0.1' });
  });

  test('has lines a shell can read', () => {
    for (const block of blocks(text, 'console')) {
      const { status, stderr } = spawnSync('sh', ['-n', '-c', block], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
  });

  test('has a unit that systemd takes, which starts the service with the project’s own Node', () => {
    const unit = paper('docs/mileage-logbook.service').replaceAll('/opt/mileage-logbook', ROOT);
    const [, node = '', main = ''] = /^ExecStart=(\S+) (\S+)$/m.exec(unit) ?? [];
    expect(statSync(node).mode & 0o111).not.toBe(0);
    expect(existsSync(main)).toBe(true);
    const path = scratchFile('mileage-logbook.service');
    writeFileSync(path, unit);
    const verified = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
    if (verified.error) return;
    const complaints = verified.stderr.split('\n').filter((line) => line.includes('mileage-logbook.service'));
    expect(complaints).toEqual([]);
  });
});
