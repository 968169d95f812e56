/*
 * Makes src/wire/generated from proto/: `node src/wire/generate.ts` (npm run generate).
 *
 *   messages.js    protobufjs static code; messages.d.ts its types
 *   fields.ts      message -> field -> type as a table, for the readable form (json-form.ts)
 *
 * A script, not part of the product: it is the only file of this folder that starts processes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const PBJS = join(ROOT, 'node_modules', 'protobufjs-cli', 'bin', 'pbjs');
const HEADER =
  '// Generated from proto/ by src/wire/generate.ts (npm run generate). Do not edit.\n';

/** What each file of src/wire/generated should hold. */
export function generate(): ReadonlyMap<string, string> {
  const work = mkdtempSync(join(tmpdir(), 'waybill-proto-'));
  try {
    return new Map([
      ['messages.js', HEADER + lean(staticCode(work, ['--no-comments'], 'js'))],
      ['messages.d.ts', HEADER + types(staticCode(work, ['--dts'], 'd.ts'))],
      ['fields.ts', HEADER + fields(JSON.parse(pbjs(['-t', 'json'])) as Node)],
    ]);
  } finally {
    rmSync(work, { recursive: true });
  }
}

function pbjs(options: readonly string[]): string {
  const folder = join(ROOT, 'proto', 'waybill', 'v1');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.proto'))
    .sort()
    .map((name) => `waybill/v1/${name}`);
  return execFileSync(process.execPath, [PBJS, ...options, '-p', 'proto', ...files], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
}

function staticCode(work: string, options: readonly string[], extension: string): string {
  const out = join(work, 'messages.js');
  const trimmed = ['create', 'verify', 'convert', 'delimited', 'typeurl', 'service'];
  const module = '-t static-module -w esm --dependency protobufjs/minimal.js --force-number';
  const dropped = trimmed.map((part) => `--no-${part}`);
  pbjs([...module.split(' '), '-r', 'waybill', '-o', out, ...dropped, ...options]);
  return readFileSync(join(work, `messages.${extension}`), 'utf8');
}

/** With --force-number nothing in the types is a Long. */
function types(text: string): string {
  return text.replace('import Long = require("long");\n', '');
}

/**
 * Less work where the codec does not need it: 64-bit fields are plain numbers (protobuf.ts reads and
 * writes them), so their defaults are too; an encoder writes one member of a oneof only, so decoding
 * does not clear its rivals; and messages to encode are plain objects, whose members are their own.
 */
function lean(text: string): string {
  return text
    .replaceAll('$util.Long ? $util.Long.fromBits(0,0,false) : 0', '0')
    .replaceAll(/^ +message\.\w+ = "\w+";\n/gm, '')
    .replaceAll(/ && \$Object\.hasOwnProperty\.call\(message, "[^"]+"\)/g, '');
}

interface Node {
  readonly nested?: { readonly [name: string]: Node };
  readonly values?: { readonly [name: string]: number };
  readonly fields?: { readonly [name: string]: Field };
}

interface Field {
  readonly type: string;
  readonly options?: { readonly proto3_optional?: boolean };
  readonly keyType?: string;
  readonly rule?: string;
}

function fields(root: Node): string {
  const package_ = root.nested?.['waybill']?.nested?.['v1']?.nested ?? {};
  const messages: string[] = [];
  const enums: string[] = [];
  for (const name of Object.keys(package_).sort()) {
    const node = package_[name] as Node;
    if (node.values) {
      const values = Object.entries(node.values).map(([value, id]) => `    ${value}: ${id},\n`);
      enums.push(`  ${name}: {\n${values.join('')}  },\n`);
    } else {
      const lines = Object.entries(node.fields ?? {}).map(
        ([field, of]) => `    ${field}: '${typeOf(of)}',\n`,
      );
      messages.push(`  ${name}: {\n${lines.join('')}  },\n`);
    }
  }
  return (
    `\nexport const MESSAGES = {\n${messages.join('')}} as const;\n` +
    `\nexport const ENUMS = {\n${enums.join('')}} as const;\n`
  );
}

function typeOf(field: Field): string {
  if (field.keyType) return `map<${field.keyType}, ${field.type}>`;
  if (field.rule === 'repeated') return `repeated ${field.type}`;
  return field.options?.proto3_optional ? `optional ${field.type}` : field.type;
}

if (import.meta.main) {
  for (const [name, text] of generate()) {
    writeFileSync(join(import.meta.dirname, 'generated', name), text);
  }
}
