/*
 * Finds what proves what, without running anything: the tags of tests (proves.ts) in their sources, of
 * scenarios in their first lines (`# proves: fork.all, wait`), of the conformance kit in its list.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KIT_PROVES } from '../conformance/ctk/proves.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const KIT_TEST = 'test/conformance/ctk.test.ts';

export interface Proof {
  readonly row: string;
  /** below the root of the project */
  readonly file: string;
  /** what is around the test, and its name, as they stand in its file */
  readonly test: string;
}

export function allProofs(): Proof[] {
  const proofs = [
    ...files('test', '.test.ts').flatMap((file) => proofsIn(read(file), file)),
    ...files('scenarios', '.yaml').flatMap((file) =>
      rowsOfScenario(read(file)).map((row) => ({ row, file, test: 'the scenario' })),
    ),
    ...Object.entries(KIT_PROVES).flatMap(([test, rows]) =>
      rows.map((row) => ({ row, file: KIT_TEST, test })),
    ),
  ];
  return proofs.sort((a, b) => compare(a.file, b.file));
}

/** A name, then `proves(...)`: as in a call of `test`, `it` or what `test.each(...)` gives. */
const TAGGED = /(['"`])((?:\\.|(?!\1)[^\\])*)\1,\s*proves\(([^()]*)\)/g;
const CALL = /^( *)(?:test|it)\b/gm;
const SUITE = /^( *)describe[^'"`\n]*(['"`])((?:\\.|(?!\2)[^\\])*)\2/gm;

/** The proofs that the text of a test file tells of. */
export function proofsIn(text: string, file: string): Proof[] {
  const tests = indented(text, CALL);
  const suites = indented(text, SUITE);
  const proofs = [...text.matchAll(TAGGED)].map(({ index, 2: name, 3: words }) => {
    const depth = tests.findLast((one) => one.index <= index)?.depth ?? 0;
    const suite = suites.findLast((one) => one.index < index && one.depth < depth);
    const test = [...(suite === undefined ? [] : [suite.name]), name ?? ''].join(' ');
    return {
      test: test.replaceAll(/\\(['"`])/g, '$1').replaceAll(/%s|\$\w+/g, '…'),
      rows: [...(words ?? '').matchAll(/'([^']*)'/g)].map(([, row]) => row ?? ''),
    };
  });
  const calls = [...text.matchAll(/\bproves\(/g)].length;
  if (calls !== proofs.length) {
    throw new Error(
      `${file} has ${calls} times proves(...), ${proofs.length} of them right after the name of a test`,
    );
  }
  return proofs.flatMap(({ rows, test }) => rows.map((row) => ({ row, file, test })));
}

function indented(text: string, what: RegExp): { index: number; depth: number; name: string }[] {
  return [...text.matchAll(what)].map(({ index, 1: indent, 3: name }) => ({
    index,
    depth: indent?.length ?? 0,
    name: name ?? '',
  }));
}

export function rowsOfScenario(text: string): string[] {
  const [, words = ''] = /^# proves: (.+)$/m.exec(text) ?? [];
  return words.split(/[\s,]+/).filter((word) => word !== '');
}

function files(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
    .filter((file) => !file.startsWith('test/proofs/'))
    .sort(compare);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
