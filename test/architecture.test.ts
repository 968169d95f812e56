import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DOCUMENT, FOLDERS, withGraph } from './architecture.ts';
import { check, codeOf, folderOf, importsOf, type Sources } from './architecture-check.ts';

const ROOT = join(import.meta.dirname, '..');

function repository(): Sources {
  const paths = globSync('{src,test,bench,chaos,scenarios,.ci}/**/*.ts', { cwd: ROOT });
  return new Map(
    paths
      .map((path) => path.replaceAll('\\', '/'))
      .sort()
      .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]),
  );
}

describe('the code keeps to the table of test/architecture.ts', () => {
  test('imports, purity, dead files, leftovers', () => {
    const findings = check(repository()).map(
      ({ file, line, message }) => `${file}:${line}: ${message}`,
    );
    expect(findings.join('\n')).toBe('');
  });

  test('ARCHITECTURE.md shows it: else run `node test/architecture.ts --write`', () => {
    const document = readFileSync(DOCUMENT, 'utf8');
    expect(document === withGraph(document)).toBe(true);
  });

  test('the arrows have no circle', () => {
    const order: string[] = [];
    const visit = (name: string, path: readonly string[]): void => {
      expect(path, `${path.join(' -> ')} -> ${name}`).not.toContain(name);
      if (order.includes(name)) return;
      for (const next of FOLDERS[name]?.imports ?? []) visit(next, [...path, name]);
      order.push(name);
    };
    for (const name of Object.keys(FOLDERS)) visit(name, []);
  });

  test('pure folders use pure folders only', () => {
    for (const { role, imports } of Object.values(FOLDERS)) {
      if (role !== 'pure') continue;
      for (const name of imports) expect(FOLDERS[name]?.role).toBe('pure');
    }
  });
});

/** What check says about one file, in a house where all else is well. */
function findings(file: string, text: string): readonly string[] {
  const user = `import '../${file}';`;
  const sources = new Map([
    [file, text],
    ['test/user.test.ts', user],
  ]);
  return check(sources).map(({ line, message }) => `${line}: ${message}`);
}

describe('the check bites', () => {
  test.each([
    ['src/core/a.ts', "import { Owner } from '../runtime/owner.ts';", 'may not import src/runtime'],
    [
      'src/core/a.ts',
      "import type { Owner } from '../runtime/owner.ts';",
      'may not import src/runtime',
    ],
    ['src/core/a.ts', "export * from '../adapters/sim/x.ts';", 'may not import src/adapters/sim'],
    ['src/core/a.ts', "const x = await import('../cli/x.ts');", 'may not import src/cli'],
    ['src/core/a.ts', "import {\n  a,\n  b,\n} from '../chaos/x.ts';", 'may not import src/chaos'],
    ['src/adapters/sqlite/a.ts', "import '../kafka/x.ts';", 'may not import src/adapters/kafka'],
    ['src/ports/a.ts', "import '../core/x.ts';", 'may not import src/core'],
    ['src/core/a.ts', "import x from 'yaml';", 'may not import the package yaml'],
    ['src/runtime/a.ts', "import x from 'kafkajs';", 'may not import the package kafkajs'],
    ['src/dsl/a.ts', "import { readFileSync } from 'node:fs';", 'may not import node:fs'],
    ['src/wire/a.ts', "import { connect } from 'node:net';", 'may not import node:net'],
    ['src/wire/a.ts', "import '../../test/x.ts';", 'from src only'],
    ['src/helpers/a.ts', '', 'give it its place'],
    ['src/core/a.ts', 'export async function f() {}', 'async is not for src/core'],
    ['src/core/a.ts', 'const p: Promise<void> = q;', 'Promise is not for src/core'],
    ['src/jq/a.ts', 'const now = Date.now();', 'Date.now is not for src/jq'],
    ['src/jq/a.ts', 'const now = new Date();', 'new Date() is not for src/jq'],
    ['src/jq/a.ts', 'const now = new Date;', 'new Date is not for src/jq'],
    ['src/dsl/a.ts', 'Math.random()', 'Math.random is not for src/dsl'],
    ['src/report/a.ts', 'setTimeout(f, 1)', 'setTimeout is not for src/report'],
    ['src/trace/a.ts', 'process.exit(1)', 'process. is not for src/trace'],
    ['src/wire/a.ts', 'new Intl.NumberFormat()', 'Intl is not for src/wire'],
    ['src/wire/a.ts', 'x.toLocaleString()', '.toLocaleString is not for src/wire'],
    ['src/core/a.ts', 'const t = `now ${Date.now()}`;', 'Date.now is not for src/core'],
    ['src/runtime/a.ts', 'setTimeout(f, 1)', 'use the Clock port'],
    ['src/runtime/a.ts', 'const now = Date.now();', 'use the Clock port'],
    ['src/chaos/a.ts', 'const id = randomUUID();', 'use the Entropy port'],
    ['src/chaos/a.ts', 'if (process.env.X) f();', 'let cli read the environment'],
    [
      'src/runtime/a.ts',
      "if (broker.name === 'kafka') f();",
      'src/runtime names an adapter (kafka)',
    ],
    ['src/runtime/a.ts', 'this.done = () => f();', 'give it a name first'],
    ['src/chaos/a.ts', 'a.b.done =\n  (x: number): void => f(x);', 'give it a name first'],
    ['src/core/a.ts', 'a!.done = function () {};', 'give it a name first'],
    ['src/runtime/a.ts', '// FIXME later', 'FIXME'],
    ['src/cli/a.ts', '/* TODO */', 'TODO'],
    ['test/a.test.ts', "test.only('x', () => {});", 'remove .only'],
  ])('%s with %s', (file, text, message) => {
    expect(findings(file, text).join('\n')).toContain(message);
  });

  test('a file that nobody imports', () => {
    expect(check(new Map([['src/core/a.ts', '']])).map(({ message }) => message)).toEqual([
      'nothing imports it: use it or remove it',
    ]);
  });

  test('and says where', () => {
    const text = '/*\n * async\n */\n\nconst a = 1;\nasync () => a;\n';
    expect(findings('src/core/a.ts', text)).toHaveLength(1);
    expect(findings('src/core/a.ts', text)[0]).toMatch(
      /^6: async is not for src\/core: the pure folders only/,
    );
  });
});

describe('the check does not cry wolf', () => {
  test.each([
    ['src/core/a.ts', "import { step } from '../dsl/plan/index.ts';"],
    ['src/core/a.ts', '// Date.now() and await are not used here'],
    ['src/core/a.ts', "const text = 'async import from process.env';"],
    ['src/core/a.ts', 'const text = `a Promise`;'],
    ['src/core/a.ts', 'const when = new Date(ms);'],
    ['src/dsl/a.ts', 'interface Run { await?: boolean; process: string }'],
    ['src/dsl/a.ts', 'const done = run.await ? machine.process : 1;'],
    ['src/dsl/a.ts', "import { parse } from 'yaml';\nimport Ajv from 'ajv/dist/2020.js';"],
    ['src/dsl/a.ts', 'const made = { process, uuid };'],
    ['src/jq/a.ts', "case 'import': return 1; case 'from': return 'x';"],
    ['src/dsl/a.ts', 'const quote = /["\'`]/; const b = /async/.test(a);'],
    ['src/adapters/sqlite/a.ts', 'setTimeout(f, 1); Date.now(); process.env.X'],
    ['src/runtime/a.ts', '// as sqlite and kafka do\nasync () => await port.now();'],
    ['src/wire/generated/a.ts', 'Math.random(); // TODO'],
    ['src/wire/generate.ts', "import { x } from 'node:fs'; await x();"],
    ['src/runtime/a.ts', 'this.done = done; const f = () => g(); o.p = g(() => 1);'],
    ['test/a.test.ts', "const text = 'test.only';"],
  ])('%s with %s', (file, text) => {
    expect(findings(file, text)).toEqual([]);
  });

  test('code is told from text', () => {
    const text = 'a(`x ${b({ c: `y ${d}` })} z`) / e / f; // g\nh(/[/]i/, "j") /* k */ + l;';
    expect(codeOf(text).replaceAll(/\s+/g, ' ')).toBe(
      'a(` ${b({ c: ` ${d}` })} `) / e / f; h( , ) + l;',
    );
  });

  test('imports are found in all their forms', () => {
    const text = `import a from 'a'; import { b } from "b"; import type { c } from 'c';
      export * from 'd'; import 'e'; await import('f'); new URL('./g.ts', import.meta.url);
      // import 'h';
      const no = 'x'; export { i } from './i.ts';`;
    expect(importsOf(text).map(({ specifier }) => specifier)).toEqual([
      ...['a', 'b', 'c', 'd', 'e', 'f', './g.ts', './i.ts'],
    ]);
  });

  test('folders of folders have one owner', () => {
    expect(folderOf('src/adapters/sqlite/deep/a.ts')).toBe('adapters/sqlite');
    expect(folderOf('src/adapters/a.ts')).toBeUndefined();
    expect(folderOf('src/index.ts')).toBe('');
  });
});
