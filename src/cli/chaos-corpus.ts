/*
 * The regression corpus: plans that broke a promise once. They are run before anything else, for ever.
 *
 * A folder of JSON files, one per failure: its token (the plan and the scenario it belongs to), and for
 * people what it broke and how. A campaign adds to it only where the folder is there already.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeToken, TokenError } from '../chaos/token.ts';
import type { FailureReport } from '../report/chaos-model.ts';
import type { Stage } from './chaos-scenarios.ts';
import type { Saved } from './chaos-slice.ts';
import { UserError } from './user-error.ts';

export const DEFAULT_CORPUS = 'chaos/corpus';

export interface Corpus {
  readonly entries: readonly Saved[];
  readonly notes: readonly string[];
}

/** What the folder holds for this scenario. */
export function readCorpus(folder: string, { scenario }: Stage): Corpus {
  const entries: Saved[] = [];
  let stale = 0;
  if (!existsSync(folder)) return { entries, notes: [] };
  for (const name of readdirSync(folder).toSorted()) {
    if (!name.endsWith('.json')) continue;
    const file = join(folder, name);
    const token = readEntry(file);
    if (token.scenario !== scenario.name) continue;
    if (token.hash !== scenario.hash) stale += 1;
    entries.push({ name: name.slice(0, -'.json'.length), plan: token.plan });
  }
  if (stale === 0) return { entries, notes: [] };
  const said = `${stale} of ${entries.length} plans in ${folder} are from an earlier version of the scenario`;
  return { entries, notes: [`${said}; they may no longer strike where they did.`] };
}

function readEntry(file: string): ReturnType<typeof decodeToken> {
  try {
    const entry = JSON.parse(readFileSync(file, 'utf8')) as { readonly token?: unknown } | null;
    if (typeof entry?.token !== 'string') throw new TokenError('it has no token');
    return decodeToken(entry.token);
  } catch (error) {
    const reason = error instanceof TokenError ? error.message : 'it is not JSON';
    throw new UserError(`${file}: this is no entry of the corpus: ${reason}`);
  }
}

/** Keeps a failure; the name of its file, or nothing where there is no folder for it. */
export function saveFailure(
  folder: string,
  scenario: string,
  failure: FailureReport,
): string | undefined {
  if (!existsSync(folder)) return undefined;
  const oracle = failure.violations[0]?.oracle ?? failure.promise;
  const mark = createHash('sha256').update(failure.token).digest('hex').slice(0, 8);
  const file = join(folder, `${scenario}.${oracle}.${mark}.json`);
  const entry = {
    scenario,
    broke: failure.violations.map(({ oracle: name, said }) => ({ oracle: name, said })),
    story: failure.story,
    token: failure.token,
  };
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(entry, null, 2)}\n`);
  return file;
}
