/** Every way a TypeScript file names another module, and the globals it reaches for, from its syntax tree. */

import { parseAst } from 'vitest/node';

export interface Mentions {
  /** Module names as written; `?` for one that is computed. */
  readonly modules: readonly string[];
  /**
   * Names used that no import or declaration of the file brought in; with the members in `MEMBERS`, and `async` for a
   * function that is.
   */
  readonly globals: ReadonlySet<string>;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const MEMBERS = new Set(['process.env', 'Math.random', 'Temporal.Now']);
const COMPUTED = '?';
const LOADERS = new Set(['require', 'createRequire', 'getBuiltinModule']);

export function mentions(code: string): Mentions {
  const modules: string[] = [];
  const used = new Set<string>();
  const declared = new Set<string>();
  visit(parseAst(code, { lang: 'ts' }), (node, parent) => {
    modules.push(...modulesOf(node));
    if (node['async'] === true) used.add('async');
    if (node.type !== 'Identifier') return;
    const name = String(node['name']);
    if (isDeclaration(node, parent)) declared.add(name);
    else if (!isPropertyName(node, parent)) used.add(name);
    const member = `${name}.${memberOf(node, parent)}`;
    if (MEMBERS.has(member)) used.add(member);
  });
  return { modules, globals: used.difference(declared) };
}

function modulesOf(node: Node): string[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node['source'] ? [literal(node['source'])] : [];
    case 'ImportExpression':
    case 'TSImportType':
      return [literal(node['source'])];
    case 'TSExternalModuleReference':
      return [literal(node['expression'])];
    case 'CallExpression':
      return isLoader(node['callee']) ? [literal((node['arguments'] as unknown[])[0])] : [];
    default:
      return [];
  }
}

function literal(value: unknown): string {
  if (!isNode(value)) return COMPUTED;
  if (value.type === 'Literal') return String(value['value']);
  if (value.type === 'TSLiteralType') return literal(value['literal']);
  const quasis = value['quasis'];
  if (value.type !== 'TemplateLiteral' || !Array.isArray(quasis) || quasis.length !== 1) return COMPUTED;
  return String(quasis[0].value.cooked);
}

/** `require(…)`, `createRequire(…)(…)`, `module.createRequire(…)`, `process.getBuiltinModule(…)`. */
function isLoader(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === 'Identifier') return LOADERS.has(String(callee['name']));
  if (callee.type === 'CallExpression') return isLoader(callee['callee']);
  return callee.type === 'MemberExpression' && isLoader(callee['property']);
}

const DECLARATIONS = new Set([
  'ImportSpecifier',
  'ImportDefaultSpecifier',
  'ImportNamespaceSpecifier',
  'VariableDeclarator',
  'FunctionDeclaration',
  'ClassDeclaration',
  'TSTypeAliasDeclaration',
  'TSInterfaceDeclaration',
]);

function isDeclaration(node: Node, parent: Node | null): boolean {
  return parent !== null && DECLARATIONS.has(parent.type) && (parent['id'] === node || parent['local'] === node);
}

function isPropertyName(node: Node, parent: Node | null): boolean {
  if (parent === null || parent['computed'] === true) return false;
  return parent['property'] === node || (parent['key'] === node && parent['shorthand'] !== true);
}

/** What of an object is named behind it. */
function memberOf(node: Node, parent: Node | null): unknown {
  if (parent?.type !== 'MemberExpression' || parent['object'] !== node || !isNode(parent['property'])) return null;
  return parent['property']['name'] ?? parent['property']['value'];
}

function visit(value: unknown, see: (node: Node, parent: Node | null) => void, parent: Node | null = null): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see, parent);
  } else if (isNode(value)) {
    see(value, parent);
    for (const child of Object.values(value)) visit(child, see, value);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
