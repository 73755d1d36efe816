/** The service described in OpenAPI 3.1, out of the schemas that validate its requests. */

import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Scope } from '../domain/tokens.ts';
import type { Env } from './env.ts';
import { pageDocs } from './home/docs.ts';
import { operationDocs } from './operation-docs.ts';
import { signInDocs } from './sign-in/docs.ts';
import { webhookDocs } from './webhooks/docs.ts';
import { ProblemWire } from './wire/problems.ts';

export type Description = ReturnType<OpenAPIHono<Env>['getOpenAPI31Document']>;
export type Operation = NonNullable<NonNullable<Description['paths']>[string]['get']>;

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const DESCRIPTION = `A mileage logbook that fills itself in. Distances are kilometres, instants ISO 8601 in UTC, dates local.

A device token says who is calling: \`Authorization: Bearer mlg_…\`, \`X-Api-Key\`, the password of a Basic credential, or \`?token=\`.
In open mode (\`AUTH=open\`) there is none, and \`?user=\` or \`X-User-Email\` says whose logbook it is.

Errors are \`application/problem+json\` (RFC 9457) with a \`code\`, a \`detail\` for people and \`errors\` per field.`;

const SCHEMES = {
  deviceToken: { type: 'http', scheme: 'bearer', description: 'A device token `mlg_…`' },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'The same token' },
  basic: { type: 'http', scheme: 'basic', description: 'The same token as the password' },
  queryToken: {
    type: 'apiKey',
    in: 'query',
    name: 'token',
    description: 'The same token, where no header can be sent',
  },
  identityToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An ID token of Google’s, made for here',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'session',
    description:
      'What a browser is signed in with; `__Host-session` over https. Changes things from our own pages only',
  },
  scheduler: { type: 'http', scheme: 'bearer', description: 'The OIDC token of the scheduler’s service account' },
} as const;

/** Takes the routes that carry their own description, and adds those that do not. */
export function describe(resources: OpenAPIHono<Env>, version: string): Description {
  const registry = resources.openAPIRegistry;
  for (const route of [...webhookDocs, ...operationDocs, ...signInDocs, ...pageDocs]) registry.registerPath(route);
  for (const [name, scheme] of Object.entries(SCHEMES)) registry.registerComponent('securitySchemes', name, scheme);
  registry.register('Problem', ProblemWire);
  const description = resources.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Mileage logbook', version, description: DESCRIPTION, license: { name: 'MIT' } },
    servers: [{ url: '/' }],
  });
  for (const { method, path, operation } of operationsOf(description)) {
    if (operation.security === undefined)
      secure(operation, scopeOf(method, path), OF_PHONES.test(path) ? SENT : [...SENT, 'session']);
  }
  return description;
}

export interface Described {
  readonly method: (typeof METHODS)[number];
  readonly path: string;
  readonly operation: Operation;
}

export function operationsOf(description: Description): Described[] {
  return Object.entries(description.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
}

function scopeOf(method: string, path: string): Scope {
  if (path.startsWith('/webhook/') || (method === 'post' && path === '/cars/{id}/readings')) return 'events';
  if (/^\/(tokens|me|signout)(\/|$)/.test(path)) return 'account';
  return method === 'get' ? 'read' : 'write';
}

const REFUSED = { 401: 'No valid token', 403: 'The token lacks the scope, or belongs to somebody else' } as const;

const USER = {
  name: 'user',
  in: 'query',
  required: false,
  description: 'Whose logbook; a token knows by itself',
  schema: { type: 'string' },
} as const;

/** Where no cookie counts. */
const OF_PHONES = /^\/(webhook|ingest)\//;
/** What a request carries itself, which no cookie is. */
const SENT = ['deviceToken', 'apiKey', 'basic', 'queryToken', 'identityToken'];

function secure(operation: Operation, scope: Scope, schemes: readonly string[]): void {
  if (!operation.parameters?.some((parameter) => 'name' in parameter && parameter.name === 'user')) {
    operation.parameters = [...(operation.parameters ?? []), USER];
  }
  operation.security = schemes.map((scheme) => ({ [scheme]: [scope] }));
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  for (const [status, description] of Object.entries(REFUSED)) {
    operation.responses ??= {};
    operation.responses[status] ??= { description, content };
  }
}
