/** The demo as its page sees it: the demo user, the simulated car, served on a port of its own. */

import { onTestFinished } from 'vitest';
import { DEMO_USER, moveIn } from '../../scripts/demo/household.ts';
import { simulateCar } from '../../scripts/demo/simulator/car.ts';
import { simulatorRoutes } from '../../scripts/demo/simulator/routes.ts';
import { oneAtATime } from '../../scripts/demo/simulator/turns.ts';
import { settingsOf } from '../../src/actions/connection-docs.ts';
import { createApp } from '../../src/app.ts';
import type { SimulatorSettings } from '../../src/domain/connections.ts';
import { drain, listen } from '../../src/http/server.ts';
import { OPTIONS, testApp } from './app.ts';

export async function openDemo() {
  const { deps, clock } = testApp({ defaultUser: DEMO_USER });
  const user = deps.store.forUser(DEMO_USER);
  const { company, family } = await moveIn(deps, user);
  await simulateCar(deps, user, company.id);
  const options = { ...OPTIONS, defaultUser: DEMO_USER };
  const app = createApp(deps, options, undefined, () => simulatorRoutes(deps, options, user, oneAtATime()));
  const server = await listen(app, 0, '127.0.0.1');
  onTestFinished(() => drain(server, 1_000));
  const bound = server.address();
  const url = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;

  const page = async (headers: Record<string, string> = {}) => (await fetch(`${url}/simulator`, { headers })).text();
  const send = (wish: string, fields: Record<string, string>, headers: Record<string, string> = { origin: url }) =>
    fetch(`${url}/simulator/${wish}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers,
      redirect: 'manual',
    });
  const settings = async () => {
    const connection = (await user.get('car', company.id))?.connection;
    return (connection && (await settingsOf(deps.vault, user, connection))) as SimulatorSettings;
  };
  return { deps, clock, user, company, family, url, page, send, settings };
}
