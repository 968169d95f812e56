/*
 * Subject: what is being tested, as far as the world needs to know it. A scenario is compiled into
 * one once; every run uses it without changing it.
 */
import type { Random, ServiceModel } from '../adapters/sim/index.ts';
import type { StoredDefinition } from '../ports/index.ts';
import type { Beginning } from '../trace/beginning.ts';
import type { CloudEvent, DefinitionRef, Json } from '../wire/index.ts';

/** When a client sends an event, ms after the start of a run or the beginning of the world. */
export interface PlannedEvent {
  readonly at: number;
  readonly event: CloudEvent;
}

/** Events that clients send of their own accord. */
export interface EventSource {
  readonly name: string;
  /** for each run that a client starts, or once in the world */
  readonly of: 'run' | 'world';
  /** what is sent for a run; for the world `index` is 0 and there is neither input nor run */
  plan(
    random: Random,
    about: { readonly index: number; readonly run: string | null; readonly input: Json },
  ): readonly PlannedEvent[];
}

/** All definitions that runs of a subject may follow. */
export function definitionsOf({ definitions, successor }: Subject): readonly StoredDefinition[] {
  return successor === undefined ? definitions : [...definitions, successor];
}

export interface Subject {
  readonly name: string;
  /** of the scenario's content: a token says which one it belongs to */
  readonly hash: string;
  readonly definitions: readonly StoredDefinition[];
  /** another version of the first one, for worlds in which it is deployed in the middle of everything */
  readonly successor?: StoredDefinition;
  /** the workflow that clients start */
  readonly start: DefinitionRef;
  /** definitions with a schedule: a client begins them at once and ends them after so long, ms */
  readonly scheduledFor?: number;
  readonly services: ReadonlyMap<string, ServiceModel>;
  readonly events?: readonly EventSource[];
  /** its runs listen, or events begin them: faults of what brings these about are worth while */
  readonly listens?: boolean;
  /** a recorded run that goes on in the world, beside those that clients start */
  readonly begins?: Beginning;
  /** names of activities that faults can be addressed to */
  readonly tasks: readonly string[];
  /** the input of an instance; `index` is unique within a workload */
  input(random: Random, index: number): Json;
}
