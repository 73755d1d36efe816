/** From the text of a body to named values, whatever it claims to be. Never throws: the event matters more than its body. */

import { nameValues, objectIn, parsed, single, type Named } from './fields.ts';
import { multipartFields } from './multipart.ts';

/** `list`: a bare JSON array. `ignored`: readable, but nothing that could hold a field. */
export type Body =
  | { readonly kind: 'fields'; readonly named: Named }
  | { readonly kind: 'list'; readonly list: readonly unknown[] }
  | { readonly kind: 'empty' | 'ignored' | 'unreadable' };

const FORM = /^[^\s={}[\]"<>]{1,40}=/;
const CURLY_QUOTES = /[\u201c\u201d\u201e\u201f\u00ab\u00bb]/g;

export function readBody(contentType: string, body: string): Body {
  const text = body.replace(/^\ufeff/, '').trim();
  if (text === '') return { kind: 'empty' };
  if (isMultipart(contentType)) return fields(multipartFields(contentType, text));
  if (FORM.test(text)) return fields(new URLSearchParams(text));
  const value = parsed(text) ?? parsed(text.replace(CURLY_QUOTES, '"'));
  return value === undefined ? { kind: 'unreadable' } : readValue(value);
}

/** The same text for the same fields: the boundary of a multipart body is a new one each time. */
export function canonicalBody(contentType: string, body: string): string {
  if (!isMultipart(contentType)) return body;
  return new URLSearchParams(multipartFields(contentType, body)).toString();
}

function isMultipart(contentType: string): boolean {
  return /^\s*multipart\//i.test(contentType);
}

function readValue(value: unknown): Body {
  const object = objectIn(value);
  if (object !== null) return fields(Object.entries(object));
  const list = typeof value === 'string' ? parsed(value) : value;
  return Array.isArray(list) && list.length > 0 ? { kind: 'list', list } : { kind: 'ignored' };
}

function fields(entries: Iterable<readonly [string, unknown]>): Body {
  return { kind: 'fields', named: nameValues(entries) };
}

/** The points of a batch, spelled as a list, a list in a text, or one point alone; `null` when it is none of these. */
export function listIn(value: unknown): readonly unknown[] | null {
  const list = typeof value === 'string' ? parsed(value) : value;
  if (Array.isArray(list)) return list;
  return objectIn(single(list)) === null ? null : [list];
}
