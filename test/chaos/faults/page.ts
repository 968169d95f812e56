/*
 * docs/faults.md: which faults there are, where they strike, which profiles draw from them, and how they
 * cover what is known to go wrong. Made from the catalogue; `node test/chaos/faults/page.ts --write` renews it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CELLS } from '../../../src/chaos/catalogue.ts';
import { RECIPES } from '../../../src/chaos/gestures.ts';
import { KNOWN_FAULTS, type KnownFault } from './known-faults.ts';
import { LOSSY, PROFILES } from '../../../src/chaos/profile.ts';

const KINDS: { readonly [letter: string]: string } = {
  K: 'Broker',
  D: 'Database',
  C: 'Clocks',
  P: 'Processes',
  A: 'Services',
  V: 'Versions',
  M: 'Messages',
};

export function faultsPage(): string {
  return `# Faults

What the simulator does to a workflow. This page is made from the code (\`node test/chaos/faults/page.ts --write\`);
a test holds it there.

A fault strikes one call - the second append of a STEP by runner 1, the call of \`charge\` for run 3 - and is addressed by that, so
that taking one fault away does not move the others. A gesture is a few faults that only together are what goes wrong in real life.
A plan holds both; \`waybill chaos --profile NAME\` says which of them it draws from.

## Profiles

| profile | what goes wrong | gestures |
|---|---|---|
${PROFILES.map(profileRow).join('\n')}

Profiles that lose data (${[...LOSSY].map((name) => `\`${name}\``).join(', ')}) do what no broker and no database does that is set up as it should be.
There it is checked that the engine notices: it folds the Log again, or stops the partition and says why. All other promises are
checked as ever in what was not lost.

## Faults

| fault | strikes |
|---|---|
${[...strikes()].map(([action, places]) => `| \`${action}\` | ${[...places].join(', ')} |`).join('\n')}

## What is known to go wrong, and what does it here

${Object.entries(KINDS)
  .map(([letter, name]) => section(letter, name))
  .join('\n\n')}
`;
}

function profileRow({ gestures, name, says }: (typeof PROFILES)[number]): string {
  const names = gestures.map((index) => RECIPES[index]!.name);
  const all = names.length === RECIPES.filter(({ loses }) => loses !== true).length;
  return `| \`${name}\` | ${says} | ${all ? 'all that lose nothing' : names.join('; ')} |`;
}

/** Each fault, and the calls that it strikes. */
function strikes(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { action, byTask, client, kind, point } of CELLS) {
    const what = kind === undefined ? '' : ` ${kind}`;
    const who = client === true ? ' by a client' : byTask === true ? ' of a task' : '';
    const places = found.get(action) ?? new Set();
    found.set(action, places.add(`${point}${what}${who}`));
  }
  return found;
}

function section(letter: string, name: string): string {
  const rows = KNOWN_FAULTS.filter(({ id }) => id.startsWith(letter)).map(row);
  return `### ${name}\n\n| | what | how | what is left out |\n|---|---|---|---|\n${rows.join('\n')}`;
}

function row({ always, by = [], gestures = [], id, not = '', says }: KnownFault): string {
  const how = [
    ...[...new Set(by)].map((action) => `\`${action}\``),
    ...gestures.map((gesture) => `*${gesture}*`),
    ...(always === undefined ? [] : [always]),
  ];
  return `| ${id} | ${says} | ${how.length === 0 ? 'does not apply' : how.join(', ')} | ${not} |`;
}

if (process.argv[1] === import.meta.filename && process.argv.includes('--write')) {
  writeFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'faults.md'), faultsPage());
}
