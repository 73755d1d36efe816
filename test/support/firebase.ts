/** Clients that go past the service: identities of Firebase, unsigned as the emulator takes them, and what they ask by REST. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { emulatorHost } from './firestore.ts';

export const RULES = readFileSync(resolve(import.meta.dirname, '../../firestore.rules'), 'utf8');

/** Claims of an identity; `owner` passes all rules, as the service does; `null` is nobody. */
export type Caller = Readonly<Record<string, unknown>> | 'owner' | null;

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export class Firebase {
  readonly #projectId: string;

  constructor(projectId: string) {
    this.#projectId = projectId;
  }

  /** Answers with what the compiler says. */
  load(content: string): Promise<Answer> {
    const rules = { files: [{ name: 'firestore.rules', content }] };
    return answerOf(fetch(this.#tool('securityRules'), { method: 'PUT', body: JSON.stringify({ rules }) }));
  }

  /** `path` is a document, a collection or, with a colon, a question to one of them; encoded as in an address. */
  ask(caller: Caller, method: string, path: string, body?: object): Promise<Answer> {
    const separator = path === '' || path.startsWith(':') ? '' : '/';
    const url = `http://${emulatorHost()}/v1/${this.#documents}${separator}${path}`;
    const headers: Record<string, string> = caller === null ? {} : { authorization: `Bearer ${this.#token(caller)}` };
    return answerOf(fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }));
  }

  /** The name of a document or collection inside a request's body. */
  name(path: string): string {
    return `${this.#documents}/${path}`;
  }

  /** What each `allow` on a line of the rules has come to, as the emulator counted. */
  async seen(): Promise<Map<number, Set<unknown>>> {
    const { text } = await answerOf(fetch(this.#tool('ruleCoverage')));
    const seen = new Map<number, Set<unknown>>();
    for (const { sourcePosition, values } of (JSON.parse(text) as Coverage).report) {
      const found = seen.get(sourcePosition.line) ?? new Set();
      for (const { value } of values ?? []) found.add(value.boolValue);
      seen.set(sourcePosition.line, found);
    }
    return seen;
  }

  get #documents(): string {
    return `projects/${this.#projectId}/databases/(default)/documents`;
  }

  #tool(name: string): string {
    return `http://${emulatorHost()}/emulator/v1/projects/${this.#projectId}:${name}`;
  }

  #token(caller: Exclude<Caller, null>): string {
    if (caller === 'owner') return caller;
    const claims = {
      sub: 'uid-1',
      user_id: 'uid-1',
      aud: this.#projectId,
      iss: `https://securetoken.google.com/${this.#projectId}`,
      iat: 1,
      exp: 4_102_444_800,
      firebase: { sign_in_provider: 'google.com' },
      ...caller,
    };
    return `${encoded({ alg: 'none', type: 'JWT' })}.${encoded(claims)}.`;
  }
}

interface Coverage {
  readonly report: readonly {
    readonly sourcePosition: { readonly line: number };
    readonly values?: readonly { readonly value: { readonly boolValue?: boolean } }[];
  }[];
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

async function answerOf(asked: Promise<Response>): Promise<Answer> {
  const response = await asked;
  return { status: response.status, text: await response.text() };
}
