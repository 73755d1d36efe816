/** Asking services of the web with the built-in `fetch`: patiently for so long, no redirects, and no body without an end. */

import { notLooked, type Looked } from '../../domain/services.ts';
import type { Web, WebAnswer } from '../../seams/web.ts';

export interface WebLimits {
  /** How we are named: services want to know who asks. */
  readonly userAgent: string;
  readonly limitMs?: number;
  readonly mostBytes?: number;
}

const LIMIT_MS = 10_000;
const MOST_BYTES = 1_000_000;

export function webWith({ userAgent, limitMs = LIMIT_MS, mostBytes = MOST_BYTES }: WebLimits): Web {
  return {
    async get(address, headers, signal) {
      const late = AbortSignal.timeout(limitMs);
      const all = { accept: 'application/json', 'user-agent': userAgent, ...headers };
      try {
        const request = { headers: all, redirect: 'manual', signal: AbortSignal.any([late, signal]) } as const;
        return await answerOf(await fetch(address, request), mostBytes);
      } catch {
        return notLooked('transient', late.aborted ? `did not answer within ${limitMs} ms` : 'cannot be reached');
      }
    },
  };
}

async function answerOf(response: Response, mostBytes: number): Promise<Looked<WebAnswer>> {
  const text = await textOf(response, mostBytes);
  if (text === null) return notLooked('protocol', `answered with more than ${mostBytes} bytes`);
  const { status, headers } = response;
  const said = { retryAfter: headers.get('retry-after'), rateLimitReset: headers.get('ratelimit-reset'), text };
  return { ok: true, value: { status, body: jsonOf(text), said } };
}

/** `null`: it is too long. What is left of it is not read. */
async function textOf({ body }: Response, mostBytes: number): Promise<string | null> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
