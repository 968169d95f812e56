/*
 * What an oracle is: one promise or rule, checked from outside the engine.
 *
 * An oracle is a pure function of what outsiders could see (history.ts). It counts what it evaluated,
 * because an oracle that never had anything to judge has proved nothing (O28).
 */
import type { WorkflowDocument } from '../../dsl/document.ts';
import type { History, Violation } from '../history.ts';
import type { FinalRun, Scenario } from '../scenario/format.ts';
import type { Effects } from './effects.ts';
import type { Entry, Reading } from './log-reading.ts';

export interface View {
  /** what may be judged: all but what the world has lost for good */
  readonly history: History;
  /** that included */
  readonly whole: History;
  readonly reading: Reading;
  readonly effects: Effects;
  /** what the oracles may know of the workflow; without it those that need it count nothing */
  readonly scenario: Scenario | undefined;
  /** the document that a record is about, by the hash in its header */
  documentOf(definition: string): WorkflowDocument | undefined;
  /** the runs as they ended, made on the first call; none without a scenario */
  finalRuns(): readonly FinalRun[];
}

export interface Oracle {
  /** the file's name, kebab-case */
  readonly name: string;
  /** P2, R4, ... */
  readonly promise: string;
  /** what it checks, in one sentence */
  readonly says: string;
  check(view: View, verdict: Verdict): void;
}

/** Collects what one oracle found. */
export class Verdict {
  readonly violations: Violation[] = [];
  checked = 0;
  readonly #promise: string;
  readonly #oracle: string;

  constructor(promise: string, oracle: string) {
    this.#promise = promise;
    this.#oracle = oracle;
  }

  /** Evaluates one thing: `said` is only asked for when it does not hold. */
  expect(holds: boolean, said: () => string, where?: Place): void {
    this.checked += 1;
    if (!holds) this.violation(said(), where);
  }

  violation(said: string, where: Place = {}): void {
    const { run, partition, offset } = where;
    this.violations.push({
      promise: this.#promise,
      oracle: this.#oracle,
      said,
      ...(run === undefined || run === '' ? {} : { run }),
      ...(partition === undefined ? {} : { partition }),
      ...(offset === undefined ? {} : { offset }),
    });
  }
}

export interface Place {
  readonly run?: string;
  readonly partition?: number;
  readonly offset?: number;
}

/** The place of a record, for a violation. */
export function at(entry: Entry): Place {
  return { run: entry.header.run, partition: entry.partition, offset: entry.offset };
}
