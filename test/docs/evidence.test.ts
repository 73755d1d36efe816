import { isShownByTests } from './shown.ts';

isShownByTests('the Netherlands', 'docs/evidence.md', 'nl', 12);
isShownByTests('the United States', 'docs/evidence.md', 'us', 5);
isShownByTests('the United Kingdom', 'docs/evidence.md', 'uk', 2);
isShownByTests('Germany', 'docs/evidence.md', 'de', 9);
