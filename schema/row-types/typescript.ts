import type { StoreType } from './store-type.js';

const LINE_WIDTH = 110;

/** A column or a parameter. */
export interface Member {
  readonly name: string;
  readonly type: StoreType;
}

/** The TypeScript of an interface with these members, formatted as Biome formats it. */
export function interfaceText(name: string, members: readonly Member[]): string {
  return `export interface ${name} ${objectText(members, '')}\n`;
}

function objectText(members: readonly Member[], indent: string): string {
  const lines = members.map((member) => memberText(member, `${indent}  `));
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function memberText({ name, type }: Member, indent: string): string {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
  const line = `${indent}readonly ${key}: ${typeText(type, indent)};`;
  if (type.kind !== 'enum' || line.length <= LINE_WIDTH) return line;
  const names = type.names.map((one) => `\n${indent}  | ${quoted(one)}`);
  return `${indent}readonly ${key}:${names.join('')};`;
}

function typeText(type: StoreType, indent: string): string {
  switch (type.kind) {
    case 'text':
    case 'date':
    case 'time':
      return 'string';
    case 'integer':
      return 'number';
    case 'float':
      // JSON has no NaN and no infinity: they arrive as null.
      return 'number | null';
    case 'boolean':
      return 'boolean';
    case 'enum':
      return type.names.map(quoted).join(' | ');
    case 'nullable':
      return withNull(typeText(type.of, indent));
    case 'array':
      return `readonly ${elementText(type.of, indent)}[]`;
    case 'map':
      return `Readonly<Record<string, ${typeText(type.of, indent)}>>`;
    case 'tuple':
      return tupleText(type.fields, indent);
  }
}

function tupleText(fields: readonly { name: string | undefined; type: StoreType }[], indent: string): string {
  const named = fields.filter((field): field is Member => field.name !== undefined);
  if (named.length === fields.length) return objectText(named, indent);
  return `readonly [${fields.map(({ type }) => typeText(type, indent)).join(', ')}]`;
}

function withNull(text: string): string {
  return text.endsWith(' | null') ? text : `${text} | null`;
}

/** In brackets where `[]` behind it would mean something else. */
function elementText(type: StoreType, indent: string): string {
  const text = typeText(type, indent);
  return text.startsWith('readonly ') || /^[^{<]* \| /.test(text) || text.endsWith(' | null')
    ? `(${text})`
    : text;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
