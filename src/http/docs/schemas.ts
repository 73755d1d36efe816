/** JSON schemas as tables people can read. */

import { html } from 'hono/html';
import type { Markup } from '../home/layout.ts';

/** As much of JSON Schema as our descriptions use. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

const REF = '#/components/schemas/';

/** Text with `code` in backticks. */
export function prose(text: string): Markup[] {
  return text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}

/** What a schema is, in a few words. */
export function typeOf(schema: Schema): Markup {
  if (schema.$ref !== undefined) return reference(schema.$ref);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return joined(choices.map(typeOf), ' or ');
  if (schema.allOf !== undefined) return joined(schema.allOf.map(typeOf), ' and ');
  if (schema.enum !== undefined) return joined(schema.enum.map(literal), ' · ');
  if (schema.items !== undefined) return html`list of ${typeOf(schema.items)}`;
  const names = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['anything']);
  return html`${names.join(' or ')}${details(schema)}`;
}

function reference(ref: string): Markup {
  const name = ref.replace(REF, '');
  return html`<a href="#${anchorOf(name)}">${name}</a>`;
}

export function anchorOf(name: string): string {
  return `object-${name}`;
}

function joined(parts: readonly Markup[], between: string): Markup {
  return html`${parts.map((part, i) => (i === 0 ? part : html`${between}${part}`))}`;
}

function literal(value: unknown): Markup {
  return html`<code>${JSON.stringify(value)}</code>`;
}

function details({ format, minimum, maximum, minLength, maxLength }: Schema): string {
  if (format !== undefined) return ` (${format})`;
  if (minimum !== undefined || maximum !== undefined) return ` ${minimum ?? ''} … ${maximum ?? ''}`;
  if (maxLength !== undefined) return ` of ${minLength ?? 0} … ${maxLength} characters`;
  return '';
}

export interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly description?: string | undefined;
}

/** The fields of an object, those of objects within it behind a dot. */
export function fieldsOf(schema: Schema, before = ''): Field[] {
  const parts = [schema, ...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return parts.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).flatMap(([key, field]) => {
      const name = `${before}${key}`;
      const inner = field.items?.properties === undefined ? field : field.items;
      const path = inner === field ? `${name}.` : `${name}[].`;
      return [{ name, schema: field, required: required.includes(key) }, ...fieldsOf(inner, path)];
    }),
  );
}

export function fieldTable(fields: readonly Field[]): Markup {
  const shown = fields.filter(({ name }, i) => fields.findIndex((other) => other.name === name) === i);
  return html`<div class="scroll">
    <table class="schema">
      ${shown.map(fieldRow)}
    </table>
  </div>`;
}

function fieldRow({ name, schema, required, description }: Field): Markup {
  const text = description ?? schema.description;
  const standard = schema.default === undefined ? '' : html` Default <code>${JSON.stringify(schema.default)}</code>.`;
  const example =
    schema.example === undefined ? '' : html` For example <code>${JSON.stringify(schema.example)}</code>.`;
  return html`<tr>
    <th scope="row"><code>${name}</code>${required ? '' : html` <span class="muted">optional</span>`}</th>
    <td>${typeOf(schema)}</td>
    <td>${text === undefined ? '' : prose(`${text}.`.replace(/([.!?])\.$/, '$1'))}${standard}${example}</td>
  </tr>`;
}
