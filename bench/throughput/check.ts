/*
 * npm run bench:check [-- --accept]
 *
 * Compares the ratios of the last run of the bench (reports/bench/latest.json) with those that were accepted
 * last (bench/accepted.json), and says what moved. `--accept` makes the last run the accepted one, and writes
 * its headline into README.md. Exit code 0: nothing is worse; 1: something is; 2: there is nothing to compare.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scriptWords } from '../../.ci/script-words.ts';
import { figureText } from '../../src/report/bench-charts.ts';
import { headline, withHeadline } from './headline.ts';
import { type Measured, REPORTS } from './page.ts';
import { moved, type Ratios, ratiosOf } from './ratios.ts';

const ROOT = join(import.meta.dirname, '../..');
const ACCEPTED = join(ROOT, 'bench/accepted.json');
const README = join(ROOT, 'README.md');
const LATEST = join(REPORTS, 'latest.json');

interface Accepted {
  readonly at: string;
  readonly commit: string;
  readonly machine: Measured['machine'];
  readonly ratios: Ratios;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const { values: words } = scriptWords(import.meta.url, {
  options: { accept: { type: 'boolean', default: false } },
});
if (!existsSync(LATEST)) {
  say('there is nothing to compare: npm run bench comes first');
  process.exit(2);
}
const latest = JSON.parse(readFileSync(LATEST, 'utf8')) as Measured;
const ratios = ratiosOf(latest);
const accepted = existsSync(ACCEPTED)
  ? (JSON.parse(readFileSync(ACCEPTED, 'utf8')) as Accepted)
  : undefined;

if (words.accept) {
  const { at, commit, machine } = latest;
  const values = Object.fromEntries(
    ratios.map(({ name, value }) => [name, Number(value.toPrecision(4))]),
  );
  writeFileSync(ACCEPTED, `${JSON.stringify({ at, commit, machine, ratios: values }, null, 2)}\n`);
  writeFileSync(README, withHeadline(readFileSync(README, 'utf8'), headline(latest)));
  say(`accepted ${ratios.length} ratios of ${commit}; README.md has its headline`);
  process.exit(0);
}
if (accepted === undefined) {
  say('nothing has been accepted yet: npm run bench:check -- --accept');
  process.exit(2);
}
const changes = moved(ratios, accepted.ratios);
const compared = ratios.filter(({ name }) => name in accepted.ratios).length;
say(`${compared} ratios compared with ${accepted.commit}`);
for (const { name, value, verdict, was } of changes) {
  say(`  ${verdict.padEnd(7)} ${name}: ${figureText(was)} -> ${figureText(value)}`);
}
if (changes.length === 0) say('  nothing moved');
process.exit(changes.some(({ verdict }) => verdict === 'worse') ? 1 : 0);
