/** Versions of an object as clients hold them: a tag of what they were shown. */

import { hash } from 'node:crypto';
import { z } from '@hono/zod-openapi';

export const IfMatch = z.object({
  'if-match': z.string().optional().openapi({ description: 'The `ETag` the change is meant for; else 412' }),
});

export const IfNoneMatch = z.object({
  'if-none-match': z.string().optional().openapi({ description: 'An `ETag`; answered with 304 while it still holds' }),
});

export const ETagHeader = z.object({ etag: z.string() });

export function etagOf(shown: object): string {
  return `"${hash('sha256', JSON.stringify(shown), 'base64url').slice(0, 22)}"`;
}

/** Whether a list of tags, as `If-Match` and `If-None-Match` carry it, holds this one. */
export function names(list: string, etag: string): boolean {
  return list.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
