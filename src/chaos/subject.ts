/*
 * Subject: what is being tested, as far as the world needs to know it. A scenario is compiled into
 * one once; every run uses it without changing it.
 */
import type { Random, ServiceModel } from '../adapters/sim/index.ts';
import type { StoredDefinition } from '../ports/index.ts';
import type { DefinitionRef, Json } from '../wire/index.ts';

export interface Subject {
  readonly name: string;
  /** of the scenario's content: a token says which one it belongs to */
  readonly hash: string;
  readonly definitions: readonly StoredDefinition[];
  /** the workflow that clients start */
  readonly start: DefinitionRef;
  /** its definition has a schedule, which a client begins at once and ends after so long, ms */
  readonly scheduledFor?: number;
  readonly services: ReadonlyMap<string, ServiceModel>;
  /** names of activities that faults can be addressed to */
  readonly tasks: readonly string[];
  /** the input of an instance; `index` is unique within a workload */
  input(random: Random, index: number): Json;
}
