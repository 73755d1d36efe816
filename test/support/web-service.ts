/** A local server in the place of a service of the web: it answers as it is told, and remembers how it was asked. */

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface AskedFor {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

export interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
}

/** `null`: it never answers. */
export type Answering = (asked: AskedFor, nth: number) => Said | null | ((response: ServerResponse) => void);

export interface WebService {
  readonly base: string;
  readonly asked: AskedFor[];
  answer: Answering;
}

/** Gone when the test ends. */
export async function webService(answer: Answering = () => ({ status: 500 })): Promise<WebService> {
  const asked: AskedFor[] = [];
  const server = createServer(({ url = '/', headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://local');
    const one = { path: pathname, query: searchParams, headers };
    asked.push(one);
    const said = service.answer(one, asked.length);
    if (said === null) return;
    if (typeof said === 'function') return said(response);
    const text = typeof said.body === 'string' ? said.body : JSON.stringify(said.body ?? {});
    response.writeHead(said.status ?? 200, { 'content-type': 'application/json', ...said.headers }).end(text);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const service: WebService = { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, answer };
  return service;
}

/** What the public service sends to whom it does not want. */
export const BLOCKED_PAGE = `<html>
<head>
<title>Access blocked</title>
</head>
<body>
<h1>Access blocked</h1>
<p>You have been blocked because you have violated the
<a href="https://operations.osmfoundation.org/policies/nominatim/">usage policy</a>.</p>
</body>
</html>
`;

/** An answer of `/reverse` as Nominatim gives it. */
export function reversed(address: object, more: object = {}): object {
  return {
    place_id: 134140761,
    licence: 'Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright',
    osm_type: 'way',
    osm_id: 280940520,
    lat: '52.1536',
    lon: '5.3745',
    category: 'building',
    type: 'yes',
    place_rank: 30,
    importance: 0.00000999,
    addresstype: 'building',
    name: '',
    display_name: '12, Stationsplein, Amersfoort, Utrecht, Nederland, 3818 LE, Nederland',
    address,
    boundingbox: ['52.1535', '52.1537', '5.3744', '5.3746'],
    ...more,
  };
}

export const STATION = {
  house_number: '12',
  road: 'Stationsplein',
  neighbourhood: 'Stationsgebied',
  city: 'Amersfoort',
  state: 'Utrecht',
  'ISO3166-2-lvl4': 'NL-UT',
  country: 'Nederland',
  postcode: '3818 LE',
  country_code: 'nl',
};

/** An answer of `/route` as OSRM gives it. */
export function routed(distance: number): object {
  const leg = { steps: [], summary: '', weight: 1_600.1, duration: 1_600.1, distance };
  return {
    code: 'Ok',
    routes: [{ legs: [leg], weight_name: 'routability', weight: 1_600.1, duration: 1_600.1, distance }],
    waypoints: [{ hint: 'x', distance: 4.15, name: 'Stationsplein', location: [5.3745, 52.1536] }],
  };
}
