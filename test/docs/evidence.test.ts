import { describe } from 'vitest';
import { isShownByTests } from './shown.ts';

describe('what the Netherlands ask', () => isShownByTests('docs/evidence.md', 'nl', 12));
describe('what the United States ask', () => isShownByTests('docs/evidence.md', 'us', 5));
describe('what the United Kingdom asks', () => isShownByTests('docs/evidence.md', 'uk', 2));
describe('what Germany asks', () => isShownByTests('docs/evidence.md', 'de', 9));
