import { isShownByTests } from './shown.ts';

isShownByTests('a threat', 'docs/security.md', 'threats', 11);
