/** The pages the service renders: what they show to whom, and the policy they are sent with. */

import { describe, expect, it } from 'vitest';
import { jsonOf } from '../support/answers.ts';
import { JAN, PIET, testApp, type TestApp } from '../support/app.ts';

async function page({ app }: TestApp, path: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await app.request(path, { headers });
  expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  return response.text();
}

async function drive({ app, clock }: TestApp, user: string, name = 'Kantoor'): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const office = JSON.stringify({ name, lat: 52.0907, lng: 5.1214, kind: 'office' });
  await app.request(`/locations?user=${user}`, { method: 'POST', headers: json, body: office });
  for (const [action, lat, lng] of [
    ['start', '52.3702', '4.8952'],
    ['end', '52.0907', '5.1214'],
  ] as const) {
    await app.request(`/webhook/${action}?user=${user}`, { method: 'POST', body: new URLSearchParams({ lat, lng }) });
    clock.advance(45 * 60_000);
  }
}

describe('every page', () => {
  it.each(['/', '/setup', '/docs'])('%s is sent with a policy that lets nothing in from elsewhere', async (path) => {
    const response = await testApp().app.request(path);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|http|\*/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it.each(['/', '/setup', '/docs'])('%s has no script and no style of its own, and names what it is', async (path) => {
    const html = await page(testApp(), path);
    expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(html).toMatch(/^<!doctype html>\s*<html lang="en">/);
    expect(html).toMatch(/<title>[^<]+<\/title>/);
  });

  it('names files that carry a hash and never change', async () => {
    const service = testApp();
    const html = await page(service, '/');
    const paths = [...html.matchAll(/href="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(paths).toHaveLength(2);
    for (const path of paths) {
      expect(path).toMatch(/\.[0-9a-f]{12}\.(?:css|svg)$/);
      const asset = await service.app.request(path);
      expect(asset.status).toBe(200);
      expect(asset.headers.get('cache-control')).toContain('immutable');
    }
  });

  it.each(['/', '/setup', '/docs', '/openapi.json'])('%s needs no credential', async (path) => {
    expect((await testApp({ auth: 'required' }).app.request(path)).status).toBe(200);
  });
});

describe('the first page', () => {
  it('tells version, store and access', async () => {
    const html = await page(testApp(), '/');
    expect(html).toContain('9.9.9');
    expect(html).toContain('sqlite · works');
    expect(html).toContain('AUTH=required');
  });

  it('asks whose logbook, and offers those there are', async () => {
    const service = testApp();
    await drive(service, PIET);
    const html = await page(service, '/');
    expect(html).toContain('name="user"');
    expect(html).toContain(`/?user=${encodeURIComponent(PIET)}`);
  });

  it('shows the last trips of who is asked for, and nobody else’s', async () => {
    const service = testApp();
    await drive(service, JAN, 'Kantoor Jan');
    await drive(service, PIET, 'Kantoor Piet');
    const html = await page(service, `/?user=${JAN}`);
    expect(html).toContain('Kantoor Jan');
    expect(html).not.toContain('Kantoor Piet');
    expect(html).toContain('08:00');
    expect(html).toMatch(/45[.,]1 km/);
  });

  it('shows those of the default user to whoever names nobody', async () => {
    const service = testApp({ defaultUser: JAN });
    await drive(service, JAN, 'Kantoor Jan');
    expect(await page(service, '/')).toContain('Kantoor Jan');
  });

  it('shows the drive that is going on', async () => {
    const service = testApp();
    await service.app.request(`/webhook/start?user=${JAN}`, { method: 'POST' });
    expect(await page(service, `/?user=${JAN}`)).toMatch(/Driving\s*<span class="muted">since 08:00/);
  });

  it('shows nobody’s data in required mode', async () => {
    const service = testApp({ auth: 'required', defaultUser: JAN });
    const token = await service.tokenOf(JAN);
    const headers = { authorization: `Bearer ${token}` };
    await service.app.request('/webhook/start', { method: 'POST', headers });
    for (const path of ['/', `/?user=${JAN}`, `/?token=${token}`]) {
      const html = await page(service, path);
      expect(html).not.toContain(JAN);
      expect(html).not.toContain('since 08:00');
      expect(html).toContain('npm run user -- add');
    }
    const body = JSON.stringify({ language: 'nl' });
    const json = { ...headers, 'content-type': 'application/json' };
    expect((await service.app.request('/settings', { method: 'PATCH', headers: json, body })).status).toBe(200);
    expect(await page(service, `/?user=${JAN}`, { 'accept-language': 'en' })).toContain('<html lang="en">');
  });

  it('says so where the address is none', async () => {
    const response = await testApp().app.request('/?user=jan');
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('That is no e-mail address');
  });

  it('writes names as text, whatever they are', async () => {
    const service = testApp();
    await drive(service, JAN, '<script>alert(1)</script>');
    const html = await page(service, `/?user=${JAN}`);
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script');
  });

  it('speaks the language that was chosen, else the browser’s', async () => {
    const service = testApp();
    await drive(service, JAN);
    const english = { 'accept-language': 'en' };
    const dutch = { 'accept-language': 'nl-NL,nl;q=0.9,en;q=0.8' };
    expect(await page(service, '/', dutch)).toContain('Van wie is het rittenboek?');
    expect(await page(service, `/?user=${JAN}`, english)).toContain('Logbook of');
    const body = JSON.stringify({ language: 'nl' });
    const headers = { 'content-type': 'application/json' };
    await service.app.request(`/settings?user=${JAN}`, { method: 'PATCH', headers, body });
    expect(await page(service, `/?user=${JAN}`, english)).toContain('Rittenboek van');
  });
});

describe('the lines of the first drive', () => {
  /** What a shell would make of the lines: address and form fields. */
  function commands(html: string): { url: string; body: URLSearchParams }[] {
    const text = html.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    return [...text.matchAll(/<code\s*>curl '([^']+)'([^<]*)<\/code/g)].map(([, url = '', rest = '']) => ({
      url,
      body: new URLSearchParams([...rest.matchAll(/-d (\S+)/g)].map(([, field]) => field).join('&')),
    }));
  }

  it('make a trip', async () => {
    const service = testApp();
    const lines = commands(await page(service, `http://nas.local:8080/?user=${JAN}`));
    expect(lines).toHaveLength(4);
    const codes = [];
    for (const { url, body } of lines.slice(0, 3)) {
      expect(url).toMatch(/^http:\/\/nas\.local:8080\/webhook\//);
      const response = await service.app.request(url, { method: 'POST', body });
      codes.push((await jsonOf<{ code: string }>(response)).code);
    }
    expect(codes).toEqual(['started', 'recorded', 'finished']);
    const trips = await service.app.request(lines[3]?.url ?? '');
    expect(await trips.json()).toMatchObject({ trips: [{ distance_km: 45.531 }] });
  });

  it('stay one command each, whoever made the link to the page', async () => {
    const user = "x';id;'@example.com";
    const html = await page(testApp(), `/setup?user=${encodeURIComponent(user)}`);
    const lines = commands(html);
    expect(lines).toHaveLength(4);
    for (const { url } of lines) expect(new URL(url).searchParams.get('user')).toBe(user);
  });

  it('name the public address where one is configured', async () => {
    const html = await page(testApp({ auth: 'required', publicUrl: 'https://km.example.com' }), '/setup');
    expect(html).toContain('https://km.example.com/webhook/start');
    expect(html).toContain('Authorization: Bearer $TOKEN');
  });
});

describe('the page of the API', () => {
  it('has every request, object and problem of the description', async () => {
    const service = testApp();
    const html = await page(service, '/docs');
    type Described = { paths: object; components: { schemas: object } };
    const all = await jsonOf<Described>(service.app.request('/openapi.json'));
    for (const path of Object.keys(all.paths)) expect(html).toContain(`<code>${path}</code>`);
    for (const name of Object.keys(all.components.schemas)) expect(html).toContain(`id="object-${name}"`);
    for (const code of ['unauthenticated', 'internal', 'busy_try_again']) expect(html).toContain(`id="${code}"`);
  });
});
