/** What each place may import and reach for: `architecture` in rows. The first row that fits a file counts. */

export interface Rule {
  /** Beginning of the path below `src/`. */
  readonly place: string;
  /** Beginnings of paths below `src/` it may import. */
  readonly own: readonly string[];
  /** Packages it may import, `node:*` for any of Node's but those of `GUARDED`. */
  readonly packages: readonly string[];
}

const WEB = ['hono', 'hono/*', '@hono/*', 'zod'];

export const RULES: readonly Rule[] = [
  { place: 'domain/', own: ['domain/'], packages: [] },
  { place: 'seams/', own: ['domain/', 'seams/'], packages: [] },
  {
    place: 'actions/',
    own: ['domain/', 'seams/', 'actions/'],
    packages: ['node:crypto', 'node:timers', 'node:timers/promises'],
  },
  { place: 'adapters/sqlite/', own: ['domain/', 'seams/', 'adapters/sqlite/'], packages: ['node:*', 'node:sqlite'] },
  {
    place: 'adapters/firestore/',
    own: ['domain/', 'seams/', 'adapters/firestore/'],
    packages: ['node:*', '@google-cloud/firestore'],
  },
  { place: 'adapters/google/', own: ['domain/', 'seams/', 'adapters/google/'], packages: ['jose'] },
  { place: 'adapters/nominatim/', own: ['domain/', 'seams/', 'adapters/nominatim/'], packages: [] },
  { place: 'adapters/osrm/', own: ['domain/', 'seams/', 'adapters/osrm/'], packages: [] },
  { place: 'adapters/push/', own: ['domain/', 'seams/', 'adapters/push/'], packages: [] },
  { place: 'adapters/simulator/', own: ['domain/', 'seams/', 'adapters/simulator/'], packages: ['node:*'] },
  {
    place: 'adapters/firestore/',
    own: ['domain/', 'seams/', 'adapters/firestore/'],
    packages: ['node:*', '@google-cloud/firestore'],
  },
  { place: 'http/wire/csv.ts', own: ['domain/'], packages: ['node:stream', 'csv-parse', 'csv-parse/sync'] },
  { place: 'adapters/system/', own: ['domain/', 'seams/', 'adapters/system/'], packages: ['node:*'] },
  {
    place: 'http/reports/',
    own: ['domain/', 'http/reports/'],
    packages: ['node:*', 'csv-stringify/sync', 'hucre/xlsx', 'pdfkit'],
  },
  {
    place: 'http/',
    own: ['domain/', 'seams/', 'actions/', 'http/'],
    packages: ['node:*', ...WEB, '@hono/node-server'],
  },
  { place: 'app.ts', own: ['domain/', 'seams/', 'actions/', 'http/'], packages: WEB },
  { place: 'config', own: ['domain/', 'seams/', 'config-kinds.ts'], packages: ['node:*'] },
  { place: 'providers.ts', own: ['domain/', 'seams/', 'adapters/'], packages: [] },
  { place: 'services.ts', own: ['domain/', 'seams/', 'adapters/', 'config.ts'], packages: ['node:timers/promises'] },
  { place: 'stores.ts', own: ['domain/', 'seams/', 'adapters/', 'config.ts'], packages: [] },
  { place: 'serve.ts', own: [''], packages: ['node:*', 'hono'] },
  { place: 'main.ts', own: [''], packages: ['node:*', 'node:module'] },
];

/** Of Node's own, only for who is named. */
export const GUARDED: readonly string[] = ['node:sqlite', 'node:module'];

export interface GlobalRule {
  readonly name: string;
  /** Beginnings of the paths below `src/` that may use it. */
  readonly places: readonly string[];
}

const OUTSIDE_THE_DOMAIN = [
  'seams/',
  'actions/',
  'adapters/',
  'http/',
  'app.ts',
  'config.ts',
  'services.ts',
  'stores.ts',
  'serve.ts',
  'main.ts',
];

export const GLOBALS: readonly GlobalRule[] = [
  { name: 'Date', places: ['adapters/system/', 'domain/units.ts', 'domain/calendar.ts'] },
  { name: 'process.env', places: ['main.ts', 'config.ts'] },
  { name: 'Math.random', places: ['adapters/'] },
  { name: 'Temporal.Now', places: ['adapters/system/'] },
  ...outsideTheDomain('process', 'async', 'Promise', 'performance', 'console', 'crypto', 'fetch'),
  ...outsideTheDomain('setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'),
];

function outsideTheDomain(...names: readonly string[]): GlobalRule[] {
  return names.map((name) => ({ name, places: OUTSIDE_THE_DOMAIN }));
}
