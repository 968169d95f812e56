/*
 * Definitions that a hop turns out to need while it is made, and what was learnt of them for its offer:
 * the workflow that a task runs, or the definition of the strand that waits for the one at hand.
 *
 * What a task names is looked up for each offer: `latest` is the highest version at that moment.
 */
import { type KnownDefinition, NeedsDefinition } from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import type { DefinitionRef } from '../wire/index.ts';
import type { PlanAnswer } from './plans.ts';

/** The unit cannot be made before it is known what a definition says. */
export interface Lacks {
  /** a hash, or what a task names */
  readonly lacks: string | DefinitionRef;
  /** Must be told before the offer is made again; undefined = nobody has deployed it. */
  learn(plan: Plan | undefined): void;
}

/** A record waits for another one, whose definition is not here. */
class NeedsPlan extends Error {
  readonly hash: string;
  constructor(hash: string) {
    super(`the definition ${hash} is needed`);
    this.hash = hash;
  }
}

export class Learnt {
  /** most offers learn nothing */
  private named: Map<string, KnownDefinition> | undefined;

  /** What core may know of a definition that a task names. */
  readonly definition = (ref: DefinitionRef): KnownDefinition | undefined =>
    this.named?.get(textOf(ref));

  planOf(hash: string, known: PlanAnswer | undefined): Plan {
    if (known !== undefined && 'plan' in known) return known.plan;
    throw new NeedsPlan(hash);
  }

  /** What the hop lacked when it threw `error`, which is thrown on if that was something else. */
  lacks(error: unknown): Lacks {
    if (error instanceof NeedsPlan) {
      return lacking(error.hash);
    }
    if (!(error instanceof NeedsDefinition)) throw error;
    const { ref } = error;
    return {
      lacks: ref,
      learn: (plan) => {
        const known = plan === undefined ? { missing: undeployed(ref) } : { plan };
        (this.named ??= new Map()).set(textOf(ref), known);
      },
    };
  }
}

/** The Plans have it once they were asked for it. */
export function lacking(hash: string): Lacks {
  return { lacks: hash, learn: () => undefined };
}

/** Why a workflow cannot be run, for people. */
export function undeployed(ref: DefinitionRef): string {
  return `no definition ${textOf(ref)} has been deployed`;
}

function textOf({ namespace, name, version }: DefinitionRef): string {
  return `${namespace}/${name}${version === undefined ? '' : `/${version}`}`;
}
