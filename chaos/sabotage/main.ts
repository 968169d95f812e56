/*
 * npm run sabotage [-- NAME... --seed N --runs N --workers N --json FILE | --list | --harness]
 *
 * Breaks a copy of the engine in one way after the other and says who noticed. Exit code 0 when every
 * sabotage was caught within its budget, by an oracle that was named for it, with a minimal plan that
 * the sound engine passes. --harness breaks a copy of what judges the engine instead, and says which
 * gate of the inspection noticed.
 */
import { writeFileSync } from 'node:fs';
import { wholeNumberOf, scriptWords } from '../../.ci/script-words.ts';
import { SABOTAGES } from './catalogue.ts';
import { inspected, wrongWith } from './harness.ts';
import { HARNESS_SABOTAGES } from './harness-sabotages.ts';
import { huntAll, stopHunts, type Verdict } from './pack.ts';
import type { Sabotage } from './sabotage.ts';
import { Scratch } from './scratch.ts';

const { positionals, values } = scriptWords(import.meta.url, {
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string' },
    workers: { type: 'string', default: '2' },
    list: { type: 'boolean', default: false },
    harness: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const seed = wholeNumberOf('--seed', values.seed);
const workers = wholeNumberOf('--workers', values.workers);
const runs = values.runs === undefined ? undefined : wholeNumberOf('--runs', values.runs);

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function chosen(): readonly Sabotage[] {
  const unknown = positionals.filter((name) => !SABOTAGES.some((one) => one.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`there is no sabotage ${unknown.join(', ')}; --list names them\n`);
    process.exit(2);
  }
  return positionals.length === 0
    ? SABOTAGES.filter(({ needs }) => needs === undefined)
    : SABOTAGES.filter(({ name }) => positionals.includes(name));
}

function row({ hunted, sabotage, wrong }: Verdict): string {
  const { name, rule } = sabotage;
  const caught = hunted?.caught;
  const oracle = caught?.violations.find(({ oracle: spoke }) =>
    (sabotage.oracles as readonly string[]).includes(spoke),
  );
  return [
    (wrong === undefined ? 'caught' : 'FAILED').padEnd(7),
    name.padEnd(38),
    rule.padEnd(12),
    String(caught === undefined ? '-' : hunted?.runs).padStart(6),
    String(caught?.plan.faults.length ?? '-').padStart(6),
    (hunted?.seconds.toFixed(1) ?? '-').padStart(8),
    `  ${oracle?.oracle ?? ''}${wrong === undefined ? '' : wrong}`,
  ].join(' ');
}

if (values.list) {
  for (const { name, needs, rule, says } of SABOTAGES) {
    say(
      `${name.padEnd(38)} ${rule.padEnd(12)} ${says}${needs === undefined ? '' : ` NOT YET: ${needs}`}`,
    );
  }
  process.exit(0);
}

async function breakHarness(scratch: Scratch): Promise<boolean> {
  let well = true;
  for (const sabotage of HARNESS_SABOTAGES) {
    const complaints = await inspected(scratch, sabotage);
    const wrong = wrongWith(sabotage, complaints);
    well &&= wrong === undefined;
    const [first] = complaints;
    const told = first === undefined ? '' : `${first.gate}: ${first.said}`;
    say(
      `${(wrong === undefined ? 'noticed' : 'FAILED').padEnd(8)} ${sabotage.name.padEnd(28)} ${wrong ?? told}`,
    );
  }
  return well;
}

const sabotages = chosen();
const scratch = new Scratch();
if (values.harness) {
  try {
    process.exitCode = (await breakHarness(scratch)) ? 0 : 1;
  } finally {
    scratch.remove();
  }
  process.exit();
}
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    stopHunts();
    scratch.remove();
    process.exit(code);
  });
}
say(
  [
    'verdict',
    'sabotage'.padEnd(38),
    'rule'.padEnd(12),
    '  runs',
    'faults',
    ' seconds',
    '  oracle',
  ].join(' '),
);
try {
  const verdicts = await huntAll(scratch, sabotages, {
    ...{ seed, workers },
    ...(runs === undefined ? {} : { runs }),
    told: (verdict) => say(row(verdict)),
  });
  const failed = verdicts.filter(({ wrong }) => wrong !== undefined);
  for (const { hunted, sabotage } of verdicts) {
    for (const { story, token, violations } of hunted?.unsound ?? []) {
      say(`\nThe sound engine fails (found while hunting ${sabotage.name}):`);
      for (const { oracle, said } of violations.slice(0, 4)) say(`  ${oracle}: ${said}`);
      for (const line of story) say(`  * ${line}`);
      say(`  ${token}`);
    }
  }
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(verdicts, null, 1));
  const waiting = SABOTAGES.filter(({ needs }) => needs !== undefined);
  for (const { name, needs } of waiting) say(`not yet ${name}: ${needs}`);
  say(`\n${verdicts.length - failed.length} of ${verdicts.length} caught, seed ${seed}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  scratch.remove();
}
