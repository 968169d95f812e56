/*
 * What the records of a hop say of what happened in it, for those who project the Log (lifecycle.ts).
 * How runs begin and end is in the records themselves: only what they do not show is added. Pure.
 */
import { BrokenInvariant, type StepOptions, type Transition } from '../core/index.ts';
import type { Happening } from '../wire/index.ts';
import type { Draft } from './unit.ts';

/** Which lifecycle events are published. */
export const LIFECYCLES = ['none', 'workflow', 'task'] as const;
export type Lifecycle = (typeof LIFECYCLES)[number];

/** What core has to list for that. */
export function observes(lifecycle: Lifecycle): NonNullable<StepOptions['observe']> {
  return lifecycle === 'workflow' ? 'workflow' : lifecycle === 'task';
}

const SHOWN: readonly Transition['kind'][] = [
  'workflow-started',
  'workflow-completed',
  'workflow-faulted',
  'workflow-cancelled',
];

/** The first record of each run says what happened to it: a unit is valid or void as a whole. */
export function withHappened(
  records: readonly Draft[],
  transitions: readonly Transition[],
  at: number,
  lifecycle: Lifecycle,
): readonly Draft[] {
  if (lifecycle === 'none' || transitions.length === 0) return records;
  const told = transitions.filter(
    ({ kind }) => !SHOWN.includes(kind) && (lifecycle === 'task' || kind.startsWith('workflow-')),
  );
  if (told.length === 0) return records;
  const written = [...records];
  for (const [run, ofRun] of Map.groupBy(told, (one) => one.run)) {
    const index = written.findIndex((record) => record.run === run && CARRIERS.has(record.kind));
    const carrier = written[index];
    if (carrier === undefined) {
      throw new BrokenInvariant(`something happened to ${run}, and no record says so`);
    }
    const happened = { at, what: ofRun.map(happening) };
    written[index] = { ...carrier, body: { ...carrier.body, happened } as Draft['body'] };
  }
  return written;
}

const CARRIERS: ReadonlySet<Draft['kind']> = new Set(['STEP', 'PARK', 'END']);

function happening({ error, keys, kind, pointer, strand }: Transition): Happening {
  const detail = error ?? keys;
  const text = detail === undefined ? '' : JSON.stringify(detail);
  return { kind, strand, pointer, detail: text };
}
