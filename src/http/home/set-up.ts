/** How to send the first drive: lines to copy into a terminal, and the steps on a phone. */

import { html } from 'hono/html';
import { isoOf } from '../../domain/units.ts';
import type { Markup } from './layout.ts';
import type { Words } from './words.ts';

export interface SetUp {
  readonly words: Words;
  /** Where this service is reached, without a slash at the end. */
  readonly address: string;
  /** `null`: a token says who drives. */
  readonly user: string | null;
  readonly now: number;
}

const MINUTE_MS = 60_000;

/** Amsterdam to Utrecht: minutes ago, and where. */
const DRIVE = [
  { action: 'start', minutesAgo: 45, lat: 52.3702, lng: 4.8952 },
  { action: 'ping', minutesAgo: 25, lat: 52.2292, lng: 4.9701 },
  { action: 'end', minutesAgo: 5, lat: 52.0907, lng: 5.1214 },
] as const;

export function firstDrive({ words, address, user, now }: SetUp): Markup {
  const query = queryOf(user);
  const header = user === null ? ` -H "Authorization: Bearer $TOKEN"` : '';
  const lines = DRIVE.map(({ action, minutesAgo, lat, lng }) => {
    const fields = `-d lat=${lat} -d lng=${lng} -d timestamp=${minuteOf(now - minutesAgo * MINUTE_MS)}`;
    return `curl ${quoted(`${address}/webhook/${action}${query}`)}${header} ${fields}`;
  });
  return html`<section class="card" id="first-drive">
    <h2>${words.firstDrive}</h2>
    <p class="muted">${words.firstDriveExplained}</p>
    <ol class="steps">
      ${user === null ? tokenStep(words) : ''}
      ${[words.starts, words.goesOn, words.ends].map((name, i) => html`<li>${name}${code(lines[i] ?? '')}</li>`)}
      <li>${words.look}${code(`curl ${quoted(`${address}/trips${query}`)}${header}`)}</li>
    </ol>
  </section>`;
}

function queryOf(user: string | null): string {
  return user === null ? '' : `?user=${encodeURIComponent(user).replace('%40', '@')}`;
}

/** An address as one word of a shell's line: whoever made the link to this page chose the user in it. */
function quoted(address: string): string {
  return `'${address.replaceAll("'", '%27')}'`;
}

/** `2026-11-25T06:38Z`: whole minutes are easier on the eye. */
function minuteOf(at: number): string {
  return `${isoOf(at).slice(0, 16)}Z`;
}

function tokenStep(words: Words): Markup {
  return html`<li>
    ${words.makeToken}
    <p class="muted small">${words.makeTokenExplained}</p>
    ${code('npm run user -- add you@example.com')}
    <p class="muted small">${words.keepToken}</p>
    ${code('TOKEN=mlg_…')}
  </li>`;
}

export function phoneSteps({ words, address, user }: SetUp): Markup {
  return html`<section class="card" id="phone">
    <h2>${words.phone}</h2>
    <ol class="steps">
      ${words.phoneSteps.map((step) => html`<li>${step}</li>`)}
    </ol>
    <p>${words.phoneAddress}</p>
    ${code(`${address}/webhook/start${queryOf(user)}`)}
    ${
      user === null
        ? html`<p>${words.phoneHeader}</p>
            ${code('Bearer mlg_…')}`
        : ''
    }
    <p class="muted small">${words.phoneAgain}</p>
  </section>`;
}

/** A click selects all of it. */
function code(text: string): Markup {
  return html`<pre tabindex="0"><code>${text}</code></pre>`;
}
