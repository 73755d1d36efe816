/** The description of the service as a page: what one can ask, by subject, then the objects and the problems. */

import { html } from 'hono/html';
import type { Markup } from '../home/layout.ts';
import type { Described, Description } from '../openapi.ts';
import { operationsOf } from '../openapi.ts';
import { INTERNAL, PROBLEMS } from '../problems.ts';
import { anchorOf, fieldsOf, fieldTable, prose, typeOf, type Field, type Schema } from './schemas.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content; readonly required?: boolean };
  readonly responses?: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

export function docsPage(description: Description): Markup {
  const operations = operationsOf(description);
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags ?? []))];
  const inOrder = FIRST.filter((tag) => tags.includes(tag)).concat(tags.filter((tag) => !FIRST.includes(tag)));
  const schemas = Object.entries((description.components?.schemas ?? {}) as Readonly<Record<string, Schema>>);
  return html`<div class="stack">
      <h1>${description.info.title} API</h1>
      ${(description.info.description ?? '').split('\n\n').map((text) => html`<p>${prose(text)}</p>`)}
      <p>The same for machines: <a href="/openapi.json">/openapi.json</a></p>
      <ul class="links">
        ${[...inOrder, 'Objects', 'Problems'].map((tag) => html`<li><a href="#${slug(tag)}">${tag}</a></li>`)}
      </ul>
    </div>
    ${inOrder.map((tag) => subject(tag, operations))}
    <section class="stack" id="objects">
      <h2>Objects</h2>
      <div>${schemas.map(object)}</div>
    </section>
    ${problems()}`;
}

const FIRST = ['Webhooks', 'Trips'];

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

function subject(tag: string, operations: readonly Described[]): Markup {
  const its = operations.filter(({ operation }) => operation.tags?.includes(tag));
  return html`<section class="stack" id="${slug(tag)}">
    <h2>${tag}</h2>
    <div>${its.map(entry)}</div>
  </section>`;
}

function entry({ method, path, operation }: Described): Markup {
  const { summary, security, parameters = [], requestBody, responses = {} } = operation as Operation;
  return html`<details>
    <summary>
      <span class="method">${method.toUpperCase()}</span>
      <code>${path}</code>
      <span class="muted">${prose(summary ?? '')}</span>
    </summary>
    <div class="stack" id="${slug(`${method} ${path}`)}">
      <p class="muted">${needs(security ?? [])}</p>
      ${
        parameters.length === 0
          ? ''
          : html`<h3>Parameters</h3>
              ${fieldTable(parameters.map(fieldOf))}`
      }
      ${requestBody === undefined ? '' : body(requestBody)}
      <h3>Answers</h3>
      ${answers(responses)}
    </div>
  </details>`;
}

function needs(security: NonNullable<Operation['security']>): Markup {
  const [first] = security;
  if (first === undefined) return html`Needs no credential.`;
  if ('scheduler' in first) return html`For the scheduler alone; in open mode for anybody.`;
  const scopes = Object.values(first).flat();
  return html`Needs the scope ${scopes.map((scope) => html`<code>${scope}</code>`)}.`;
}

function fieldOf({ name, in: place, required = false, description, schema = {} }: Parameter): Field {
  return { name: place === 'header' ? `${name}:` : name, schema, required, description };
}

function body({ content }: NonNullable<Operation['requestBody']>): Markup {
  const [[, { schema = {} }] = ['', {}]] = Object.entries(content);
  const fields = fieldsOf(schema);
  return html`<h3>Body</h3>
    <p>${typeOf(schema)} <span class="muted">as ${Object.keys(content).join(', ')}</span></p>
    ${fields.length === 0 ? '' : fieldTable(fields)}`;
}

function answers(responses: NonNullable<Operation['responses']>): Markup {
  return html`<div class="scroll">
    <table class="schema">
      ${Object.entries(responses).map(([status, { description, content }]) => {
        const [first] = Object.values(content ?? {});
        return html`<tr>
          <th scope="row"><code>${status}</code></th>
          <td>${prose(description)}</td>
          <td>${first?.schema === undefined ? '' : answerType(first.schema)}</td>
        </tr>`;
      })}
    </table>
  </div>`;
}

/** A list stands in an object with its cursor; what is in it says more than "object". */
function answerType(schema: Schema): Markup {
  const fields = fieldsOf(schema).filter(({ name }) => !name.includes('.') && !name.includes('['));
  if (schema.type !== 'object' || fields.length === 0) return typeOf(schema);
  return html`${fields.map(({ name, schema: field }) => html`<div><code>${name}</code> ${typeOf(field)}</div>`)}`;
}

/** Its anchor lies within, because a link that leads inside opens what is closed. */
function object([name, schema]: readonly [string, Schema]): Markup {
  const fields = fieldsOf(schema);
  return html`<details>
    <summary><code>${name}</code></summary>
    <div id="${anchorOf(name)}">${fields.length === 0 ? html`<p>${typeOf(schema)}</p>` : fieldTable(fields)}</div>
  </details>`;
}

function problems(): Markup {
  const rows = [...Object.entries(PROBLEMS), ['internal', INTERNAL] as const];
  return html`<section class="card" id="problems">
    <h2>Problems</h2>
    <div class="scroll">
      <table class="schema">
        ${rows.map(([code, { status, title }]) =>
          code === 'unprocessable'
            ? ''
            : html`<tr id="${code}">
                <th scope="row"><code>${code}</code></th>
                <td>${code === 'invalid_request' ? `${status} or ${PROBLEMS.unprocessable.status}` : status}</td>
                <td>${title}</td>
              </tr>`,
        )}
      </table>
    </div>
  </section>`;
}
