/*
 * The regression corpus: plans that broke a promise once. They are run before anything else, for ever.
 *
 * A folder of JSON files, one per failure: its token (the plan and the scenario it belongs to), and for
 * people where it was found, what it broke and how.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Violation } from './history.ts';
import type { FaultPlan } from './plan.ts';
import { decodeToken, type Token, TokenError } from './token.ts';

export interface Saved {
  readonly name: string;
  readonly plan: FaultPlan;
}

/** One file of the folder. */
export interface CorpusEntry extends Saved {
  readonly file: string;
  readonly token: Token;
  /** the token as it stands in the file */
  readonly word: string;
  /** the test of a suite that it belongs to; absent = whoever runs the scenario */
  readonly test?: string;
  /** `seed 7, run 12` */
  readonly found?: string;
}

export interface Corpus {
  readonly entries: readonly Saved[];
  readonly notes: readonly string[];
}

/** A file in the folder that is no entry; names it and says why. */
export class CorpusError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CorpusError';
  }
}

/** Everything in the folder, in order of its names; nothing, if there is no folder. */
export function corpusEntries(folder: string): CorpusEntry[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .toSorted()
    .filter((name) => name.endsWith('.json'))
    .map((name) => readEntry(join(folder, name), name.slice(0, -'.json'.length)));
}

/** What the folder holds for this scenario, whatever found it. */
export function readCorpus(
  folder: string,
  scenario: { readonly name: string; readonly hash: string },
): Corpus {
  const entries = corpusEntries(folder).filter(({ token }) => token.scenario === scenario.name);
  const stale = entries.filter(({ token }) => token.hash !== scenario.hash).length;
  if (stale === 0) return { entries, notes: [] };
  const said = `${stale} of ${entries.length} plans in ${folder} are from an earlier version of the scenario`;
  return { entries, notes: [`${said}; they may no longer strike where they did.`] };
}

function readEntry(file: string, name: string): CorpusEntry {
  try {
    const entry = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown> | null;
    const word = entry?.['token'];
    if (typeof word !== 'string') throw new TokenError('it has no token');
    const token = decodeToken(word);
    const { found, test } = entry ?? {};
    return {
      ...{ file, name, token, word, plan: token.plan },
      ...(typeof test === 'string' ? { test } : {}),
      ...(typeof found === 'string' ? { found } : {}),
    };
  } catch (error) {
    const reason = error instanceof TokenError ? error.message : 'it is not JSON';
    throw new CorpusError(`${file}: this is no entry of the corpus: ${reason}`);
  }
}

export interface NewEntry {
  readonly scenario: string;
  readonly test?: string;
  readonly found?: string;
  readonly violations: readonly Pick<Violation, 'oracle' | 'said'>[];
  readonly story: readonly string[];
  readonly token: string;
}

/** Keeps a failure; the name of its file, or nothing where there is no folder and none is `made`. */
export function saveFailure(folder: string, entry: NewEntry, made = false): string | undefined {
  if (!existsSync(folder)) {
    if (!made) return undefined;
    mkdirSync(folder, { recursive: true });
  }
  const { found, scenario, story, test, token, violations } = entry;
  const mark = createHash('sha256').update(token).digest('hex').slice(0, 8);
  const file = join(folder, `${scenario}.${violations[0]?.oracle ?? 'unknown'}.${mark}.json`);
  const text = {
    scenario,
    ...(test === undefined ? {} : { test }),
    ...(found === undefined ? {} : { found }),
    broke: violations.map(({ oracle, said }) => ({ oracle, said })),
    story,
    token,
  };
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(text, null, 2)}\n`);
  return file;
}
