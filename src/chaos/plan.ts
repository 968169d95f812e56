/*
 * FaultPlan: everything that makes one simulated run what it is, as plain data - the workload, the
 * size of the world, and the faults.
 *
 * Invariants:
 *  - a fault is addressed by where it strikes (point, key, nth call that fits), never by a global
 *    ordinal: taking one fault away does not move the others;
 *  - a plan is JSON and self-contained: with the same scenario and engine it gives the same run;
 *  - `seed` decides only what nobody cares about (latencies, nonces, order of equals).
 */
import type { Effect, PointName } from '../adapters/sim/index.ts';
import type { RecordKind } from '../wire/index.ts';

export const PLAN_VERSION = 1;

export interface Address {
  readonly point: PointName;
  /** the how-manieth call that fits, from 1 */
  readonly nth: number;
  /** index of the runner, or the client; absent = any runner */
  readonly process?: number | 'client';
  readonly partition?: number;
  /** the batch holds a record of this kind */
  readonly kind?: RecordKind;
  /** name of the activity that is called, or that the appended STEP schedules */
  readonly task?: string;
  /** id of the instance in the workload */
  readonly run?: number;
  /** id of a fault: calls are counted only once that one has fired */
  readonly since?: number;
}

/** What happens there: an effect on the call, or something larger that the world does. */
export type Action =
  | Effect
  /** every runner dies at once */
  | { readonly kind: 'storm'; readonly down: number }
  /** runners freeze one after the other and come back in another order */
  | { readonly kind: 'swizzle'; readonly ms: number }
  /** whoever is frozen goes on at once, whatever the fault that froze it said */
  | { readonly kind: 'thaw' }
  /** the partition of the call has no leader for so long, ms: appends are refused, questions fail, readers wait */
  | { readonly kind: 'leader-change'; readonly ms: number }
  /** the same, and the next leader had not copied the last records: they are gone (a loss) */
  | { readonly kind: 'tail-lost'; readonly records: number }
  /** retention drops what stands in the partition, whoever still needs it (a loss) */
  | { readonly kind: 'overtaken' }
  /** the clock of the broker jumps */
  | { readonly kind: 'broker-jump'; readonly ms: number }
  /** the database answers nothing, ms */
  | { readonly kind: 'store-down'; readonly ms: number }
  /** the database takes nothing, ms */
  | { readonly kind: 'disk-full'; readonly ms: number }
  /** a copy of the database takes over that has not heard of the last commits (a loss) */
  | { readonly kind: 'store-failover'; readonly commits: number }
  /** a stranger appends a record to the partition of the call: which, by number (hostile.ts) */
  | { readonly kind: 'hostile'; readonly which: number }
  /** the runner of the call is replaced by one of another build */
  | { readonly kind: 'build'; readonly build: number }
  /** another version of the workflow is deployed: runs that begin from now on are of it */
  | { readonly kind: 'redeploy' };

/** What is done by the world and not to one call. */
export type WorldAction = Exclude<Action, Effect>;

const WORLDLY: { readonly [kind in WorldAction['kind']]: true } = {
  storm: true,
  swizzle: true,
  thaw: true,
  'leader-change': true,
  'tail-lost': true,
  overtaken: true,
  'broker-jump': true,
  'store-down': true,
  'disk-full': true,
  'store-failover': true,
  hostile: true,
  build: true,
  redeploy: true,
};

export function isOfWorld(action: Action): action is WorldAction {
  return action.kind in WORLDLY;
}

export interface PlannedFault {
  /** stays the same while the plan is shrunk */
  readonly id: number;
  readonly at: Address;
  readonly does: Action;
  /** name of the gesture that it is part of */
  readonly gesture?: string;
}

export interface PlannedInstance {
  /** stays the same while the plan is shrunk */
  readonly id: number;
  /** when the client starts it, ms after the beginning */
  readonly at: number;
  /** what its input is generated from */
  readonly draw: number;
  /** the client sends the same start once more, so many ms later */
  readonly again?: number;
  /** the client asks for it to be cancelled, so many ms after its start */
  readonly cancel?: number;
  /** it is to be suspended so many ms after its start, and to go on `for` ms later */
  readonly suspend?: { readonly after: number; readonly for: number };
  /** the client wants its result to be kept */
  readonly keep?: true;
}

/** Bounds of what a runner holds of each partition; far below those of production. */
export interface Window {
  /** bodies of open records in memory */
  readonly bodies: number;
  /** bodies that are fetched again at once */
  readonly refetch: number;
  /** strands that get on at once, before others wait in the Log and in the Store */
  readonly active: number;
}

export interface FaultPlan {
  readonly version: typeof PLAN_VERSION;
  readonly seed: number;
  readonly runners: number;
  readonly partitions: number;
  /** absent = as in production */
  readonly window?: Window;
  readonly instances: readonly PlannedInstance[];
  readonly faults: readonly PlannedFault[];
}

/** Short name of what a fault does, for coverage: `crash-before`, `unknown-late`, ... */
export function actionName(action: Action): string {
  switch (action.kind) {
    case 'crash':
    case 'pause':
      return `${action.kind}-${action.when}`;
    case 'unknown':
      return `unknown-${action.fate}`;
    case 'refused':
      return action.why ?? 'refused';
    case 'answer':
      return `${action.how}-answer`;
    case 'build':
      return action.build > 0 ? 'upgrade' : 'rollback';
    default:
      return action.kind;
  }
}

/** Where a fault strikes, in words: `2nd append of STEP by runner-1`. */
export function addressText(address: Address): string {
  const { kind, nth, partition, point, process, run, since, task } = address;
  const parts = [`${ordinal(nth)} ${point}`];
  if (kind !== undefined) parts.push(`of ${kind}`);
  if (task !== undefined) parts.push(`for ${task}`);
  if (run !== undefined) parts.push(`of run ${run}`);
  if (partition !== undefined) parts.push(`in partition ${partition}`);
  if (process !== undefined) parts.push(`by ${processName(process)}`);
  if (since !== undefined) parts.push(`after fault ${since}`);
  return parts.join(' ');
}

export function processName(process: number | 'client'): string {
  return process === 'client' ? 'client' : `runner-${process + 1}`;
}

function ordinal(nth: number): string {
  const tens = nth % 100;
  if (tens >= 11 && tens <= 13) return `${nth}th`;
  return `${nth}${['th', 'st', 'nd', 'rd'][nth % 10] ?? 'th'}`;
}

/** Whether a fault of that kind is in the plan. */
export function planned(plan: FaultPlan, kind: Action['kind']): boolean {
  return plan.faults.some(({ does }) => does.kind === kind);
}

/** The plan without some of its faults. */
export function withFaults(plan: FaultPlan, faults: readonly PlannedFault[]): FaultPlan {
  return { ...plan, faults };
}

/** The plan with only these instances; faults that are addressed to the others go with them. */
export function withInstances(plan: FaultPlan, instances: readonly PlannedInstance[]): FaultPlan {
  const kept = new Set(instances.map((instance) => instance.id));
  const faults = plan.faults.filter(({ at }) => at.run === undefined || kept.has(at.run));
  return { ...plan, instances, faults };
}

/** The plan on a smaller world; what is addressed outside of it goes to what is left. */
export function withSize(plan: FaultPlan, runners: number, partitions: number): FaultPlan {
  const faults = plan.faults.map((fault) => {
    const { partition, process } = fault.at;
    const at = {
      ...fault.at,
      ...(typeof process === 'number' ? { process: process % runners } : {}),
      ...(partition === undefined ? {} : { partition: partition % partitions }),
    };
    return { ...fault, at };
  });
  return { ...plan, runners, partitions, faults };
}
