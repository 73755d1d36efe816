/** The service with an authorization server beside it, both on one clock. */

import { googleIdentities } from '../../src/adapters/google/identity.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import { testApp, type TestApp } from './app.ts';
import { VirtualClock } from './clock.ts';
import { CLIENT_ID, CLIENT_SECRET, localGoogle, type LocalGoogle } from './google.ts';

const START = '2026-03-02T07:00:00Z';

export interface GoogleApp extends TestApp {
  readonly google: LocalGoogle;
}

/** In required mode. `clientId` `null`: sign-in with Google is not set up. */
export async function googleApp(
  options: Partial<HttpOptions> = {},
  clientId: string | null = CLIENT_ID,
): Promise<GoogleApp> {
  let clock = new VirtualClock(START);
  const shared = { now: () => clock.now() };
  const google = await localGoogle(shared);
  const { endpoints } = google;
  const identities = googleIdentities({ clientId, clientSecret: CLIENT_SECRET, clock: shared, endpoints });
  const service = testApp({ auth: 'required', identities, ...options }, START);
  ({ clock } = service);
  return { ...service, google };
}
