/*
 * npm run model [-- --mutant NAME [--replay] | --mutants | --configuration NAME | --large | --list]
 *
 * Searches the model of the protocol and says what it found. Exit code 0 when the sound protocol holds
 * and every mutant that was asked for is found (and, with --replay, breaks the real engine that makes
 * the same mistake); 1 otherwise; 2 for a name that nobody has.
 */
import { scriptWords } from '../../.ci/script-words.ts';
import { CONFIGURATIONS, LARGE, SMALL } from './configurations.ts';
import { SABOTAGES } from '../sabotage/catalogue.ts';
import { replay } from '../sabotage/replay.ts';
import { Scratch } from '../sabotage/scratch.ts';
import { plansOf, scenarioOf } from './fault-plan.ts';
import { type Mutant, MUTANT_TABLE } from './mutants.ts';
import { search } from './search.ts';
import { figures, story } from './story.ts';
import type { Configuration } from './world.ts';

const { values } = scriptWords(import.meta.url, {
  options: {
    mutant: { type: 'string', multiple: true },
    mutants: { type: 'boolean', default: false },
    configuration: { type: 'string', multiple: true },
    replay: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

function named<T extends { readonly name: string }>(
  what: string,
  all: readonly T[],
  names: readonly string[],
): T[] {
  return names.map((name) => {
    const one = all.find((candidate) => candidate.name === name);
    if (one !== undefined) return one;
    process.stderr.write(`there is no ${what} ${name}; --list names them\n`);
    process.exit(2);
  });
}

function sound(configuration: Configuration): boolean {
  const found = search(configuration);
  const { violation } = found;
  say(`${figures(found)}  ${violation === undefined ? 'holds' : 'BROKEN'}`);
  for (const line of violation === undefined ? [] : story(violation)) say(line);
  return violation === undefined;
}

function hunted({ name, rule, says, world }: Mutant, whole: boolean): boolean {
  const found = search(world, { broken: { [name]: true } });
  const { violation } = found;
  say(`${figures(found)}  ${rule.padEnd(9)} ${violation?.says ?? 'NOT FOUND'}`);
  if (whole && violation !== undefined) {
    say(`\n${rule}: ${says}.`);
    for (const line of story(violation)) say(line);
    say();
  }
  return violation !== undefined;
}

/** Brings the counterexample to a copy of the real engine that makes the same mistake. */
async function replayed({ name, sabotage, world }: Mutant): Promise<boolean> {
  const { violation } = search(world, { broken: { [name]: true } });
  const mistake = SABOTAGES.find((one) => one.name === sabotage);
  const scenario = scenarioOf(world);
  if (violation === undefined || mistake === undefined || scenario === undefined) {
    say(`${name} has no sabotage that is the same mistake`);
    return false;
  }
  const plans = plansOf(violation, world);
  const scratch = new Scratch();
  try {
    const { broke, tried } = await replay(scratch, mistake, scenario, plans);
    say(
      `In the simulator: ${scenario}, against the sabotage ${mistake.name}: ${tried} of ${plans.length} plans tried.`,
    );
    if (broke === undefined) {
      say('  None of them breaks it.');
      return false;
    }
    for (const line of broke.story) say(`  * ${line}`);
    if (broke.story.length === 0) say('  * no fault is needed');
    for (const { oracle, said } of broke.violations.slice(0, 3)) say(`  ${oracle}: ${said}`);
    say(`  The engine that nobody has broken passes the same plan.`);
    return true;
  } finally {
    scratch.remove();
  }
}

if (values.list) {
  for (const { name, says } of CONFIGURATIONS) say(`${name.padEnd(30)} ${says}`);
  say();
  for (const { name, rule, says } of MUTANT_TABLE)
    say(`${name.padEnd(30)} ${rule.padEnd(9)} ${says}`);
} else {
  const results: boolean[] = [];
  const mutants = named('mutant', MUTANT_TABLE, values.mutant ?? []);
  const chosen = named('configuration', CONFIGURATIONS, values.configuration ?? []);
  const all = mutants.length + chosen.length === 0 && !values.mutants;
  for (const one of mutants) {
    results.push(hunted(one, true));
    if (values.replay) results.push(await replayed(one));
  }
  for (const one of chosen) results.push(sound(one));
  if (all) for (const one of values.large ? LARGE : SMALL) results.push(sound(one));
  if (values.mutants) for (const one of MUTANT_TABLE) results.push(hunted(one, false));
  if (results.includes(false)) process.exitCode = 1;
}
