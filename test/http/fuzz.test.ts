import { runs } from '../support/runs.ts';
import { fuzzedRoutes } from './fuzz-suite.ts';
import { onSqlite } from './walk/world.ts';

fuzzedRoutes(onSqlite, runs(8, 300));
