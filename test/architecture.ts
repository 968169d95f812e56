/*
 * The house as data: which folder of src may use what. architecture.test.ts holds the code to it, and
 * `node test/architecture.ts --write` draws it into ARCHITECTURE.md.
 *
 * To let a folder use something new, change the table: the change is then seen in review, and in the
 * graph.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** What a kind of folder is for; the sub-graphs of the drawing. */
export type Role =
  | 'pure'
  | 'promises'
  | 'waits'
  | 'touches the world'
  | 'chooses'
  | 'uses the engine';

export interface Folder {
  readonly role: Role;
  /** folders whose files it may import */
  readonly imports: readonly string[];
  /** packages it may import; a trailing slash allows what is below */
  readonly packages?: readonly string[];
  /** built-in modules of Node it may import; 'any' for those that touch the world */
  readonly node?: readonly string[] | 'any';
  readonly what: string;
}

const ENGINE = ['wire', 'jq', 'dsl', 'core', 'trace', 'ports', 'runtime'];
const ADAPTERS = ['sim', 'sqlite', 'postgres', 'kafka', 'system', 'files'].map(
  (name) => `adapters/${name}`,
);

/** Folder below src -> what it may use. A longer path wins over a shorter one. */
export const FOLDERS: Readonly<Record<string, Folder>> = {
  wire: {
    role: 'pure',
    imports: [],
    packages: ['protobufjs/'],
    node: ['node:crypto', 'node:zlib'],
    what: 'records and States to bytes and back',
  },
  jq: { role: 'pure', imports: [], what: 'expressions, compiled to closures' },
  dsl: {
    role: 'pure',
    imports: ['jq', 'wire'],
    packages: ['yaml', 'ajv/', 'ajv-formats/'],
    what: 'documents to Definitions to Plans',
  },
  core: { role: 'pure', imports: ['wire', 'dsl'], what: 'step: State and cause to Outcome' },
  trace: { role: 'pure', imports: ['wire', 'dsl', 'core'], what: 'fold, compare and show traces' },
  report: { role: 'pure', imports: [], what: 'data to HTML, SVG, JUnit' },
  ports: { role: 'promises', imports: ['wire'], what: 'what the engine asks of the world' },
  runtime: {
    role: 'waits',
    imports: ['core', 'dsl', 'ports', 'wire'],
    what: 'the protocol; the only place that awaits a port',
  },
  activities: {
    role: 'touches the world',
    imports: ['ports', 'dsl', 'wire'],
    packages: ['openid-client'],
    node: 'any',
    what: 'calls to other services and programs',
  },
  'adapters/sim': {
    role: 'touches the world',
    imports: ['ports', 'wire'],
    what: 'simulated clock, broker, store, services',
  },
  'adapters/system': {
    role: 'touches the world',
    imports: ['ports', 'wire'],
    packages: ['croner', 'yaml'],
    node: 'any',
    what: 'clock, chance and secrets of this machine',
  },
  'adapters/sqlite': {
    role: 'touches the world',
    imports: ['ports', 'wire'],
    packages: ['better-sqlite3'],
    node: 'any',
    what: 'one file is Log and Store',
  },
  'adapters/postgres': {
    role: 'touches the world',
    imports: ['ports', 'wire'],
    packages: ['pg'],
    node: 'any',
    what: 'Store',
  },
  'adapters/kafka': {
    role: 'touches the world',
    imports: ['ports', 'wire'],
    packages: ['kafkajs/'],
    node: 'any',
    what: 'Log',
  },
  'adapters/files': {
    role: 'touches the world',
    imports: [],
    node: ['node:fs', 'node:url'],
    what: 'bytes of files, by their place',
  },
  presets: {
    role: 'chooses',
    // trace: what opens a trace file puts it together with its definitions
    imports: ['runtime', 'activities', 'core', 'trace', 'ports', 'dsl', 'wire', ...ADAPTERS],
    what: 'composition roots',
  },
  chaos: {
    role: 'uses the engine',
    imports: ['presets', 'report', 'activities', ...ENGINE, ...ADAPTERS],
    packages: ['fast-check', 'yaml', 'ajv/'],
    node: ['node:crypto', 'node:fs', 'node:os', 'node:path', 'node:url', 'node:zlib'],
    what: 'breaks workflows on purpose, reproducibly',
  },
  bench: {
    role: 'uses the engine',
    imports: ['presets', 'report', 'activities', ...ENGINE, ...ADAPTERS],
    // counted, and measured without an engine: the bare ground
    packages: ['better-sqlite3', 'pg', 'kafkajs'],
    node: 'any',
    what: 'throughput, latency, writes per step',
  },
  vitest: {
    role: 'uses the engine',
    imports: ['chaos', 'trace', 'presets', 'wire'],
    packages: ['@vitest/runner/', 'vitest/'],
    node: 'any',
    what: 'chaos inside a test suite',
  },
  api: {
    role: 'chooses',
    imports: ['runtime', 'presets', 'ports', 'wire'],
    node: 'any',
    what: 'HTTP',
  },
  cli: {
    role: 'chooses',
    imports: [
      ...['presets', 'report', 'activities', 'chaos', 'bench', 'vitest', 'api'],
      ...ENGINE,
      ...ADAPTERS,
    ],
    packages: ['commander', 'picocolors'],
    node: 'any',
    what: 'one file per command',
  },
  /** src/index.ts: the door of the package */
  '': {
    role: 'chooses',
    imports: ['presets', 'activities', 'chaos', ...ENGINE],
    what: 'the door of the package',
  },
};

/** Files that nothing imports because something else starts them. */
export const ENTRY_POINTS: readonly string[] = [
  'src/index.ts',
  'src/cli/main.ts',
  'src/vitest/index.ts',
  'src/vitest/runner.ts',
];

/** Scripts that make generated code: run by hand, not part of the product, free to do what they need. */
export const SCRIPTS = /\/generate\.ts$/;
export const GENERATED = /\/generated\//;

/** Folders that may meet real time, real chance and the environment. */
export const MEETS_THE_WORLD: readonly string[] = [
  'adapters',
  'presets',
  'cli',
  'activities',
  'bench',
  'api',
  // suites find their seed in the environment, or draw one
  'vitest',
];

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
}

const PURE = 'the pure folders only compute';
const notAMember = '(?<![\\w.$])';
const notAKey = '(?!\\s*\\??\\s*:)\\b';

/** Words that the code of a pure folder may not use. */
export const BANNED_IN_PURE: readonly Ban[] = [
  ban('async', `${PURE}: return data that says what to do, and let runtime do it`),
  ban('await', `${PURE}: return data that says what to do, and let runtime await it`),
  ban('Promise', `${PURE}: return data, not promises`),
  {
    pattern: /(?<![\w.$])(?:new\s+Date\s*(?:\(\s*\)|(?![\w(]))|Date\s*\(\s*\)|Date\.now\b)/,
    instead: 'take the time as an argument (now: number, ms)',
  },
  { pattern: /\bMath\.random\b/, instead: 'derive it: unit(seed, counter) of wire/hash.ts' },
  ban('performance', 'take the time as an argument (now: number, ms)'),
  ban('(?:setTimeout|setInterval|setImmediate|queueMicrotask)', 'return the next deadline as data'),
  { pattern: /(?<![\w.$])process\s*(?:\?\.|[.[])/, instead: 'take what you need as an argument' },
  ban('console', 'return a value; the command line prints'),
  ban('fetch', 'return the request as data; activities make it'),
  ban('Intl', 'format by hand: Intl differs between machines'),
  { pattern: /\.toLocale\w*/, instead: 'format by hand: locales differ between machines' },
  {
    pattern: /\.localeCompare\b/,
    instead: 'compare with < and >: locales differ between machines',
  },
  {
    pattern: /\brandomUUID\b/,
    instead: 'take ids as arguments, or uuidv7(ms, random) of wire/hash.ts',
  },
];

/** Words that only folders that meet the world may use. */
export const BANNED_OUTSIDE: readonly Ban[] = [
  ban('(?:setTimeout|setInterval)', 'use the Clock port, so that the simulator rules time'),
  { pattern: /\bDate\.now\b/, instead: 'use the Clock port, so that the simulator rules time' },
  { pattern: /\brandomUUID\b/, instead: 'use the Entropy port, so that a seed gives the same run' },
  {
    pattern: /\bMath\.random\b/,
    instead: 'use the Entropy port, so that a seed gives the same run',
  },
  { pattern: /\bprocess\.env\b/, instead: 'let cli read the environment and pass what is needed' },
  {
    pattern: /(?<=[\w\])!]\.#?\w+ =\s+)(?:async )?(?:\([^()]*\)(?:: [^=;]+)? =>|\w+ =>|function\b)/,
    instead:
      'give it a name first: a function that is assigned to a property where it is written V8 makes among the old, and it holds all it sees until a full collection',
  },
];

/** runtime serves every adapter alike: it knows none by name. */
export const BANNED_IN_RUNTIME: readonly Ban[] = [
  {
    pattern: /sqlite|kafka|redpanda|postgres|simulat|\bsim\b/i,
    instead: 'ask for a capability in the port, never for the name of an adapter',
  },
];

function ban(word: string, instead: string): Ban {
  return { pattern: new RegExp(`${notAMember}${word}\\b${notAKey}`), instead };
}

const START = '<!-- graph: node test/architecture.ts --write -->';
const END = '<!-- /graph -->';
export const DOCUMENT = new URL('../ARCHITECTURE.md', import.meta.url);

/** The table as Mermaid. Arrows that follow from others are left out. */
export function mermaid(): string {
  const folders = Object.entries(FOLDERS).filter(([name]) => name !== '');
  const lines = ['flowchart TD'];
  for (const role of new Set(folders.map(([, folder]) => folder.role))) {
    lines.push(`  subgraph ${id(role)}["${role}"]`);
    for (const [name, folder] of folders) {
      if (folder.role === role) lines.push(`    ${id(name)}["<b>${name}</b><br/>${folder.what}"]`);
    }
    lines.push('  end');
  }
  for (const [name, { imports }] of folders) {
    const direct = imports.filter(
      (target) => !imports.some((other) => other !== target && reaches(other, target)),
    );
    for (const target of direct) lines.push(`  ${id(name)} --> ${id(target)}`);
  }
  return lines.join('\n');
}

function reaches(from: string, target: string): boolean {
  const imports = FOLDERS[from]?.imports ?? [];
  return imports.includes(target) || imports.some((next) => reaches(next, target));
}

function id(name: string): string {
  return name.replaceAll(/\W/g, '_');
}

/** ARCHITECTURE.md with the graph as it should be. */
export function withGraph(document: string): string {
  const from = document.indexOf(START);
  const to = document.indexOf(END);
  if (from < 0 || to < from) throw new Error(`ARCHITECTURE.md lacks ${START} and ${END}`);
  const graph = `${START}\n\n\`\`\`mermaid\n${mermaid()}\n\`\`\`\n\n`;
  return document.slice(0, from) + graph + document.slice(to);
}

if (import.meta.main) {
  if (process.argv.includes('--write')) {
    writeFileSync(DOCUMENT, withGraph(readFileSync(DOCUMENT, 'utf8')));
  } else {
    process.stdout.write(`${mermaid()}\n`);
  }
}
