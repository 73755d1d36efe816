import { isolationWalk } from './isolation-suite.ts';
import { onSqlite } from './walk/world.ts';

isolationWalk(onSqlite);
