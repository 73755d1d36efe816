/** Routes from an OSRM-compatible service (https://project-osrm.org/docs/v5.24.0/api/#route-service). */

import type { Position } from '../../domain/geo.ts';
import { failureOf, notLooked, type Looked } from '../../domain/services.ts';
import type { Clock } from '../../seams/clock.ts';
import type { Router } from '../../seams/router.ts';
import type { Web, WebAnswer } from '../../seams/web.ts';

/** `base`: without a slash at its end. */
export function osrmRouter(base: string, web: Web, clock: Clock): Router {
  return {
    id: base,
    async route(positions, signal) {
      const way = positions.map(coordinates).join(';');
      const address = `${base}/route/v1/driving/${way}?overview=false&steps=false&alternatives=false`;
      const answer = await web.get(address, {}, signal);
      return answer.ok ? metresIn(answer.value, clock.now()) : answer;
    },
  };
}

const DECIMALS = 6;

function coordinates({ lat, lng }: Position): string {
  return `${lng.toFixed(DECIMALS)},${lat.toFixed(DECIMALS)}`;
}

/** What is the matter with the positions, not with us or the service: asking again answers the same. */
const NO_WAY: ReadonlySet<unknown> = new Set(['NoRoute', 'NoSegment', 'InvalidValue', 'TooBig']);

function metresIn({ status, body, said }: WebAnswer, now: number): Looked<number | null> {
  const { code, routes } = fieldsOf(body);
  if (NO_WAY.has(code)) return { ok: true, value: null };
  if (status !== 200) return { ok: false, failure: failureOf(status, said, now) };
  const [best]: readonly unknown[] = Array.isArray(routes) ? routes : [];
  const { distance } = fieldsOf(best);
  if (code !== 'Ok' || typeof distance !== 'number' || !Number.isFinite(distance) || distance < 0) {
    return notLooked('protocol', 'does not answer like OSRM');
  }
  return { ok: true, value: Math.round(distance) };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
