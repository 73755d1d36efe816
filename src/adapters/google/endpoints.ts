/** Where Google is asked, and how long it may take. */

export interface Endpoints {
  readonly authorize: string;
  readonly token: string;
  readonly keys: string;
  readonly issuers: readonly string[];
  readonly limitMs: number;
}

export const GOOGLE: Endpoints = {
  authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
  token: 'https://oauth2.googleapis.com/token',
  keys: 'https://www.googleapis.com/oauth2/v3/certs',
  issuers: ['https://accounts.google.com', 'accounts.google.com'],
  limitMs: 5_000,
};
