/*
 * Paths through a scenario: which one a run took, what it may write on it, and whether a campaign has
 * seen enough of each. A path that is never taken proves nothing about itself.
 */
import type { Json } from '../../wire/json.ts';
import type { Count, FinalRun, OutcomePath, Scenario } from './format.ts';

/** The first path that fits, or undefined: the scenario does not know how this run ended. */
export function pathOf(run: FinalRun, scenario: Scenario): OutcomePath | undefined {
  return scenario.outcomes.find(({ when }) => isTrue(when.evaluate(run as unknown as Json)));
}

/** jq's truth: everything but false and null. */
export function isTrue(value: Json): boolean {
  return value !== false && value !== null;
}

/** What a count stands for in this run. */
export function countOf(count: Count, run: FinalRun): number {
  if (typeof count === 'number') return count;
  const value = count.evaluate(run as unknown as Json);
  return typeof value === 'number' ? value : Number.NaN;
}

export interface PathShare {
  readonly path: string;
  readonly runs: number;
  readonly share: number;
  /** smallest share that the scenario expects */
  readonly expected: number;
  readonly enough: boolean;
}

/** Counts paths over a campaign. */
export class OutcomeTally {
  readonly #scenario: Scenario;
  readonly #taken = new Map<string, number>();
  #runs = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  add(runs: readonly FinalRun[]): void {
    for (const run of runs) {
      this.#runs += 1;
      const path = pathOf(run, this.#scenario)?.path;
      if (path !== undefined) this.#taken.set(path, (this.#taken.get(path) ?? 0) + 1);
    }
  }

  /** Runs counted elsewhere, such as in another process. */
  addCounts(taken: Readonly<Record<string, number>>, runs: number): void {
    this.#runs += runs;
    for (const [path, count] of Object.entries(taken)) {
      this.#taken.set(path, (this.#taken.get(path) ?? 0) + count);
    }
  }

  get runs(): number {
    return this.#runs;
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#taken);
  }

  shares(): PathShare[] {
    return this.#scenario.outcomes.map(({ path, share: expected }) => {
      const runs = this.#taken.get(path) ?? 0;
      const share = this.#runs === 0 ? 0 : runs / this.#runs;
      return { path, runs, share, expected, enough: share >= expected };
    });
  }
}
