import { describe } from 'vitest';
import { isShownByTests } from './shown.ts';

describe('each threat', () => isShownByTests('docs/security.md', 'threats', 11));
