/*
 * Makes docs/dsl-coverage.md of the rows, the tests that prove them and what is not yet, and
 * docs/decisions.md of what was decided:
 *
 *   node test/proofs/table.ts --write
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DECISIONS } from './decisions.ts';
import { NOT_YET } from './not-yet.ts';
import { wordsFor } from './refusals.ts';
import { type RowId, SECTIONS } from './rows.ts';
import { allProofs, type Proof } from './tags.ts';

export const TABLE = new URL('../../docs/dsl-coverage.md', import.meta.url);
export const DECIDED = new URL('../../docs/decisions.md', import.meta.url);
/** Proofs of one row that are named; the others are counted. */
const PROOFS_SHOWN = 3;

export function table(proofs: readonly Proof[] = allProofs()): string {
  const byRow = Map.groupBy(proofs, ({ row }) => row);
  const rows = Object.values(SECTIONS).flatMap((section) => Object.keys(section));
  const proven = rows.filter((row) => byRow.has(row)).length;
  const sections = Object.entries(SECTIONS).map(([title, section]) => {
    const lines = Object.entries(section).map(
      ([row, says]) => `| ${cell(says)} | ${evidence(row as RowId, byRow.get(row) ?? [])} |`,
    );
    return [`## ${title}`, '', '| feature | proven by |', '|---|---|', ...lines, ''].join('\n');
  });
  return [
    '# What of the DSL runs, and which test proves it',
    '',
    'Generated from the tests: `npm run coverage`. Do not edit. A row counts only by a test that runs a workflow',
    'which needs it; `npm test` fails when no such test has passed. What is "not yet" shows what a user is told.',
    '',
    `**${proven} of ${rows.length} features are proven.**`,
    '',
    ...sections,
  ].join('\n');
}

export function decisions(proofs: readonly Proof[] = allProofs()): string {
  const byRow = Map.groupBy(proofs, ({ row }) => row);
  const lines = DECISIONS.map(({ question, decided, rows }, index) => {
    const pinned = rows.map((row) => evidence(row, byRow.get(row) ?? []));
    return `| ${index + 1} | ${cell(question)} | ${cell(decided)} | ${[...new Set(pinned)].join('<br/>')} |`;
  });
  return [
    '# What was decided where the specification is silent',
    '',
    'Generated: `npm run coverage`, from test/proofs/decisions.ts. Do not edit. The first 22 are the questions on which',
    'runtimes differ most.',
    '',
    '| | the question | what was decided | pinned by |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

function evidence(row: RowId, proofs: readonly Proof[]): string {
  if (proofs.length === 0) {
    const words = wordsFor(NOT_YET[row] ?? { instead: 'nothing proves it' });
    return `**not yet**: ${cell(words ?? 'nothing proves it')}`;
  }
  const shown = proofs
    .slice(0, PROOFS_SHOWN)
    .map(({ file, test }) => `[${cell(test)}](../${file})`)
    .join('<br/>');
  const more = proofs.length - PROOFS_SHOWN;
  return more > 0 ? `${shown}<br/>and ${more} more` : shown;
}

function cell(text: string): string {
  return text.replaceAll(/[|[\]<>]/g, '\\$&').replaceAll('\n', ' ');
}

if (import.meta.main) {
  if (process.argv.includes('--write')) {
    mkdirSync(dirname(fileURLToPath(TABLE)), { recursive: true });
    writeFileSync(TABLE, table());
    writeFileSync(DECIDED, decisions());
  } else process.stdout.write(table());
}
