/*
 * metadata.limit: of the activities of a task, and of a workflow, a service sees at most so many at once
 * from each runner.
 *
 * A call is under way from when the service receives it until its caller has its answer, wants none any
 * more, or dies. What is on its way is not counted, and copies that the network makes of a call are one. Limits are read from the document by
 * the pointer that the Log gives, whichever function that leads through; a limit counts where it is written.
 */
import type { WorkflowDocument } from '../../dsl/document.ts';
import type { LedgerEntry } from '../history.ts';
import type { Oracle, View } from './oracle.ts';

export const limitsKept: Oracle = {
  name: 'limits-kept',
  promise: 'scenario',
  says: 'no service sees more calls at once from one runner than metadata.limit allows',
  check(view, verdict) {
    const { scenario } = view;
    if (scenario === undefined) return;
    const { document, workflows } = scenario;
    if (![document, ...workflows.map((one) => one.document)].some(hasLimit)) return;
    const underWay = new Map<string, Set<LedgerEntry>>();
    for (const event of eventsOf(view)) {
      if (event.what === 'died') {
        for (const [group, calls] of underWay) {
          if (group.startsWith(`${event.runner} `)) calls.clear();
        }
        continue;
      }
      const { call } = event;
      for (const { name, max } of limitsOf(call, view)) {
        const group = `${call.runner} ${name}`;
        let calls = underWay.get(group);
        if (calls === undefined) underWay.set(group, (calls = new Set()));
        if (event.what === 'left') {
          calls.delete(call);
          continue;
        }
        calls.add(call);
        const count = new Set(Array.from(calls, ({ key }) => key)).size;
        verdict.expect(
          count <= max,
          () =>
            `${call.runner} asks for ${call.name} with ${count} under way at once; the limit of ${name} is ${max}`,
          { run: call.run },
        );
      }
    }
  },
};

const limited = new WeakMap<WorkflowDocument, boolean>();

/** Whether there is anything to check; most documents have none, and there are many calls. */
function hasLimit(document: WorkflowDocument): boolean {
  let has = limited.get(document);
  if (has === undefined) {
    has = /"limit":{"max"/.test(JSON.stringify(document));
    limited.set(document, has);
  }
  return has;
}

type Event =
  | { readonly what: 'died'; readonly at: number; readonly runner: string }
  | { readonly what: 'left' | 'came'; readonly at: number; readonly call: LedgerEntry };

/** In order of time; of one moment, first what ends. */
function eventsOf({ history }: View): Event[] {
  const ends: Event[] = [];
  const begins: Event[] = [];
  for (const { at, event, process } of history.processes) {
    if (event === 'crashed' || event === 'failed' || event === 'stopped') {
      ends.push({ what: 'died', at, runner: process });
    }
  }
  for (const call of history.ledger) {
    // It came to a service after its caller had left.
    if (call.leftAt !== undefined && call.leftAt <= call.at) continue;
    begins.push({ what: 'came', at: call.at, call });
    if (call.leftAt !== undefined) ends.push({ what: 'left', at: call.leftAt, call });
  }
  return [...ends, ...begins].sort((a, b) => a.at - b.at);
}

interface Limit {
  readonly name: string;
  readonly max: number;
}

/** What bounds how many activities like that of an effect may be under way. */
export function limitsOf(
  { key }: { readonly key: string },
  { documentOf, effects }: Pick<View, 'documentOf' | 'effects'>,
): Limit[] {
  const scheduled = effects.get(key)?.scheduled[0];
  const document = scheduled && documentOf(scheduled.entry.header.definition);
  if (scheduled === undefined || document === undefined) return [];
  const limits: Limit[] = [];
  const { metadata, name } = document.document;
  const { max, place } = limitAt(document, scheduled.activity.pointer);
  if (max !== undefined) limits.push({ name: `${name}${place}`, max });
  if (metadata?.limit !== undefined) limits.push({ name, max: metadata.limit.max });
  return limits;
}

/** The limit of the task to which a pointer leads, and where in the document that stands. */
function limitAt(
  document: WorkflowDocument,
  pointer: string,
): { readonly max?: number; readonly place: string } {
  let at: unknown = document;
  let place = '';
  const steps = pointer.split('/').slice(1);
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!.replaceAll('~1', '/').replaceAll('~0', '~');
    at = member(at, step);
    place += `/${steps[i]}`;
    // A function that is called stands below its call, as the one task of a list.
    if (step === 'call' && typeof at === 'string') {
      place = `/use/functions/${at}`;
      at = document.use?.functions?.[at];
      i += 2;
    }
  }
  const max = member(member(member(at, 'metadata'), 'limit'), 'max');
  return typeof max === 'number' ? { max, place } : { place };
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<string, unknown>)[key];
}
