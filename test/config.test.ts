/** What the environment may say, what it means, and the one line for what it may not say. */

import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { ConfigError, PACKAGE_ROOT, readConfig } from '../src/config.ts';

const KEY = new Uint8Array(32).fill(251);
const OLD_KEY = Uint8Array.from({ length: 32 }, (_, i) => i * 8);

describe('without any variable', () => {
  it('the service is open, local and keeps its file in the package', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      auth: 'open',
      store: { kind: 'sqlite', path: join(PACKAGE_ROOT, 'data/mileage.db') },
      defaultUser: null,
      newUser: { timeZone: 'Europe/Amsterdam', language: 'en' },
      pollIntervalSeconds: 60,
      ratePerMinute: 600,
      logLevel: 'INFO',
      services: { geocoder: null, router: null },
      corsOrigins: [],
      publicUrl: null,
      credentialsKeys: { given: [], file: join(PACKAGE_ROOT, 'data/mileage.db.key') },
    });
  });

  it('blank is the same as absent', () => {
    expect(readConfig({ PORT: '', AUTH: ' ', HOST: '', STORE: '' })).toEqual(readConfig({}));
  });
});

describe('who must prove who he is', () => {
  it.each([
    [{}, 'open', '127.0.0.1'],
    [{ HOST: 'localhost' }, 'open', 'localhost'],
    [{ HOST: '127.0.0.2' }, 'open', '127.0.0.2'],
    [{ HOST: '::1' }, 'open', '::1'],
    [{ HOST: '0.0.0.0' }, 'required', '0.0.0.0'],
    [{ HOST: '192.168.1.5' }, 'required', '192.168.1.5'],
    [{ HOST: '127.0.0.1.example.com' }, 'required', '127.0.0.1.example.com'],
    [{ AUTH: 'required' }, 'required', '0.0.0.0'],
    [{ AUTH: 'required', HOST: '127.0.0.1' }, 'required', '127.0.0.1'],
    [{ AUTH: 'open', HOST: '0.0.0.0' }, 'open', '0.0.0.0'],
    [{ AUTH: 'OPEN' }, 'open', '127.0.0.1'],
  ])('%o: %s on %s', (env, auth, host) => {
    expect(readConfig(env)).toMatchObject({ auth, host });
  });
});

describe('a right value', () => {
  it.each([
    [{ PORT: '0' }, { port: 0 }],
    [{ PORT: ' 3000 ' }, { port: 3000 }],
    [{ SQLITE_PATH: 'x/y.db' }, { store: { kind: 'sqlite', path: join(PACKAGE_ROOT, 'x/y.db') } }],
    [{ SQLITE_PATH: '/var/lib/km.db' }, { store: { kind: 'sqlite', path: '/var/lib/km.db' } }],
    [{ STORE: 'sqlite' }, {}],
    [
      { STORE: 'firestore', GOOGLE_CLOUD_PROJECT: 'km', FIRESTORE_DATABASE: 'logbook', POLL_INTERVAL_SECONDS: '30' },
      { store: { kind: 'firestore', project: 'km', database: 'logbook' }, pollIntervalSeconds: 30 },
    ],
    [{ DEFAULT_USER: ' Jan@Example.NL' }, { defaultUser: 'jan@example.nl' }],
    [{ ALLOWED_USERS: 'Jan@x.nl, @Example.com,' }, { allowedUsers: ['jan@x.nl', '@example.com'] }],
    [{ DEFAULT_TIME_ZONE: 'Pacific/Auckland' }, { newUser: { timeZone: 'Pacific/Auckland' } }],
    [{ DEFAULT_LANGUAGE: 'nl' }, { newUser: { language: 'nl' } }],
    [{ PUBLIC_URL: 'https://km.example.com/' }, { publicUrl: 'https://km.example.com' }],
    [
      { CORS_ORIGINS: 'https://a.example, http://localhost:5173' },
      { corsOrigins: ['https://a.example', 'http://localhost:5173'] },
    ],
    [{ TRUSTED_PROXIES: '10.0.0.0/8,::1' }, { trustedProxies: ['10.0.0.0/8', '::1'] }],
    [
      { CREDENTIALS_KEY: `${KEY.toBase64()}, ${OLD_KEY.toBase64({ alphabet: 'base64url', omitPadding: true })}` },
      { credentialsKeys: { given: [KEY, OLD_KEY], file: join(PACKAGE_ROOT, 'data/mileage.db.key') } },
    ],
    [
      { GEOCODER_URL: 'https://nominatim.openstreetmap.org/', ROUTER_URL: 'http://127.0.0.1:5000' },
      { services: { geocoder: 'https://nominatim.openstreetmap.org', router: 'http://127.0.0.1:5000' } },
    ],
    [{ POLL_INTERVAL_SECONDS: '0' }, { pollIntervalSeconds: 0 }],
    [{ RATE_LIMIT_PER_MINUTE: '0' }, { ratePerMinute: 0 }],
    [{ LOG_LEVEL: 'Warn' }, { logLevel: 'WARNING' }],
    [
      { PUBLIC_URL: 'https://km.example.com', SCHEDULER_SERVICE_ACCOUNT: 'cron@p.iam.gserviceaccount.com' },
      { scheduler: { serviceAccount: 'cron@p.iam.gserviceaccount.com', audience: 'https://km.example.com' } },
    ],
  ])('%o is understood', (env, expected) => {
    expect(readConfig(env)).toMatchObject(expected);
  });
});

describe('a wrong value', () => {
  it.each([
    [{ PORT: '80a' }, 'PORT must be a whole number, 0 … 65535'],
    [{ PORT: '70000' }, 'PORT must be a whole number, 0 … 65535'],
    [{ PORT: '-1' }, 'PORT must be a whole number, 0 … 65535'],
    [{ STORE: 'postgres' }, 'STORE must be sqlite or firestore'],
    [
      { STORE: 'firestore' },
      'GOOGLE_CLOUD_PROJECT must be the project whose Firestore keeps everything, with STORE=firestore',
    ],
    [{ AUTH: 'none' }, 'AUTH must be open or required'],
    [{ DEFAULT_USER: 'jan' }, 'DEFAULT_USER must be an e-mail address'],
    [{ ALLOWED_USERS: 'a@b.nl,nobody' }, 'ALLOWED_USERS must be addresses and @domains, with commas between'],
    [{ ALLOWED_USERS: '@' }, 'ALLOWED_USERS must be addresses and @domains, with commas between'],
    [{ DEFAULT_TIME_ZONE: 'Amsterdam' }, 'DEFAULT_TIME_ZONE must be a time zone such as Europe/Amsterdam'],
    [{ DEFAULT_LANGUAGE: 'de' }, 'DEFAULT_LANGUAGE must be en or nl'],
    [{ PUBLIC_URL: 'km.example.com' }, 'PUBLIC_URL must be an http or https address without query'],
    [{ GEOCODER_URL: 'osm' }, 'GEOCODER_URL must be an http or https address without query, user or password'],
    [
      { ROUTER_URL: 'https://me:secret@osrm.example' },
      'ROUTER_URL must be an http or https address without query, user or password',
    ],
    [{ PUBLIC_URL: 'ftp://x.nl' }, 'PUBLIC_URL must be an http or https address without query'],
    [
      { CORS_ORIGINS: 'https://a.example/path' },
      'CORS_ORIGINS must be origins such as https://app.example.com, with commas between',
    ],
    [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS must be origins such as https://app.example.com, with commas between'],
    [
      { TRUSTED_PROXIES: '10.0.0.0/33' },
      'TRUSTED_PROXIES must be IP addresses or networks such as 10.0.0.0/8, with commas between',
    ],
    [{ POLL_INTERVAL_SECONDS: '1.5' }, 'POLL_INTERVAL_SECONDS must be a whole number, 0 … 86400'],
    [{ RATE_LIMIT_PER_MINUTE: 'many' }, 'RATE_LIMIT_PER_MINUTE must be a whole number, 0 … 1000000'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be debug, info, warning or error'],
    [{ SCHEDULER_SERVICE_ACCOUNT: 'cron' }, 'SCHEDULER_SERVICE_ACCOUNT must be an e-mail address'],
    [
      { PORT: 'x', LOG_LEVEL: 'y' },
      'PORT must be a whole number, 0 … 65535; LOG_LEVEL must be debug, info, warning or error',
    ],
  ])('%o stops the start with one line', (env, line) => {
    expect(() => readConfig(env)).toThrow(new ConfigError(line));
  });
});

it.each([
  ['too short', KEY.subarray(1).toBase64()],
  ['not base64', `${'x'.repeat(43)}!`],
  ['wrong behind a right one', `${KEY.toBase64()},c2hvcnQ=`],
  ['two with a space between', `${KEY.toBase64()} ${OLD_KEY.toBase64()}`],
])('a key that is %s stops the start, and is not repeated', (_, wrong) => {
  const line = 'CREDENTIALS_KEY must be 32 bytes in base64, more such keys after commas';
  expect(() => readConfig({ CREDENTIALS_KEY: wrong })).toThrow(new ConfigError(line));
});

describe('on Cloud Run', () => {
  it('open mode is refused, by whatever way it was asked for', () => {
    expect(() => readConfig({ K_SERVICE: 'km', AUTH: 'open' })).toThrow(/^AUTH must be required on Cloud Run/);
    expect(() => readConfig({ K_SERVICE: 'km', AUTH: 'open', STORE: 'sqlite' })).toThrow(/^AUTH must/);
  });

  it('a file in a container that is thrown away is refused', () => {
    expect(() => readConfig({ K_SERVICE: 'km', STORE: 'sqlite' })).toThrow(/^STORE must be/);
  });

  test('Firestore keeps everything, the scheduler is the clock, and keys are given or there are none', () => {
    expect(readConfig({ K_SERVICE: 'km' })).toMatchObject({
      store: { kind: 'firestore', project: null, database: '(default)' },
      auth: 'required',
      pollIntervalSeconds: 0,
      credentialsKeys: { given: [], file: null },
    });
  });
});
