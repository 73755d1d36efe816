/** The demo's phone: speaks to the running service over HTTP as any phone would, and tries again when it fails. */

import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 5_000;
const AGAIN_AFTER_MS = 3_000;
const TRIES = 20;

export interface Phone {
  /** Answers the body. Rejects when it was stopped, or when nothing worked for a minute. */
  post(path: string, body: object): Promise<unknown>;
  get(path: string): Promise<unknown>;
  /** Waits; rejects when it was stopped. */
  wait(ms: number): Promise<void>;
}

export function phoneTo(url: string, stopped: AbortSignal): Phone {
  const ask = async (path: string, init: RequestInit): Promise<unknown> => {
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(PATIENCE_MS)]);
    const response = await fetch(url + path, { ...init, signal });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  const wait = (ms: number) => pause(ms, undefined, { signal: stopped });
  const askPatiently = async (path: string, init: RequestInit, tries = TRIES): Promise<unknown> => {
    try {
      return await ask(path, init);
    } catch (error) {
      if (stopped.aborted || tries <= 1) throw error;
      await wait(AGAIN_AFTER_MS);
      return askPatiently(path, init, tries - 1);
    }
  };
  return {
    post: (path, body) => {
      const headers = { 'content-type': 'application/json' };
      return askPatiently(path, { method: 'POST', headers, body: JSON.stringify(body) });
    },
    get: (path) => askPatiently(path, {}),
    wait,
  };
}
