/*
 * P7 where only a part of a workflow is a saga: what a scope did stands once the run has gone on behind it, and is
 * undone by a cancel that finds the run inside. Part of the oracle p7-compensations.
 *
 * Where a run is, is where its root strand stands: branches of a fork go on inside the task that waits for them.
 */
import type { WorkflowDocument } from '../../dsl/document.ts';
import type { Effect, Recorded, Scheduled } from './effects.ts';
import type { Entry, Run } from './log-reading.ts';
import { at, type Verdict, type View } from './oracle.ts';
import { taskAt } from './policy.ts';
import { scopeOf } from './r18-may-be-running.ts';

const COMPENSATE = '/metadata/compensate';

/** A step that was done, in a scope that is only a part of its workflow. */
interface Step {
  readonly pointer: string;
  readonly scope: string;
  readonly first: Scheduled;
  readonly done: Recorded;
}

export function checkScopes(
  run: Run,
  effects: readonly Effect[] = [],
  { documentOf }: View,
  verdict: Verdict,
): void {
  const [last] = run.ends;
  const document = documentOf(effects[0]?.scheduled[0]?.entry.header.definition ?? '');
  if (last === undefined || document === undefined || !hasScopes(document)) return;
  const steps = effects.flatMap((effect) => {
    const [first] = effect.scheduled;
    const { pointer = '', role } = first?.activity ?? {};
    if (first === undefined || role !== 'do' || pointer.includes('/call/')) return [];
    if (taskAt(document, pointer)?.metadata?.compensate === undefined) return [];
    const scope = scopeOf(document, pointer);
    const done = [...effect.recorded, ...effect.kept].find(({ error }) => error === undefined);
    return scope === undefined || done === undefined ? [] : [{ pointer, scope, first, done }];
  });
  if (steps.length === 0) return;
  const places = placesOf(run);
  for (const step of steps) checkOver(step, effects, places, verdict);
  const { body } = last;
  if (body.kind !== 'END' || body.end.cancelled !== true) return;
  checkCancelled(run, steps, places, last, verdict);
}

const known = new WeakMap<WorkflowDocument, boolean>();

/** Whether a part of the workflow is a saga; documents do not change. */
function hasScopes(document: WorkflowDocument): boolean {
  let has = known.get(document);
  if (has === undefined) {
    // What extensions do around a task is found under it, and what functions do under their call.
    const whole = document.document.metadata?.saga === true;
    has = !whole && document.use?.extensions === undefined && saysSaga(document);
    known.set(document, has);
  }
  return has;
}

function saysSaga(document: WorkflowDocument): boolean {
  return JSON.stringify(document.do).includes('"saga":true');
}

/** Nothing of a scope is undone once its run has gone on behind it. */
function checkOver(
  { done, pointer, scope }: Step,
  effects: readonly Effect[],
  places: readonly Place[],
  verdict: Verdict,
): void {
  const over = places.find((place) => place.offset > done.entry.offset && !isIn(place, scope));
  if (over === undefined) return;
  for (const { scheduled } of effects) {
    const undo = scheduled[0];
    if (undo?.activity.role !== 'compensate') continue;
    if (!undo.activity.pointer.startsWith(`${pointer}${COMPENSATE}`)) continue;
    // The scope may have been entered again, and something done there anew.
    const again = effects.some(({ scheduled: [other] }) => {
      const { activity, entry } = other ?? {};
      return activity?.role === 'do' && activity.pointer === pointer && entry!.offset > over.offset;
    });
    verdict.expect(
      again || undo.entry.offset < over.offset,
      () =>
        `${undo.entry.named} undoes ${pointer}, whose scope run ${undo.entry.header.run} had left (${over.named})`,
      at(undo.entry),
    );
  }
}

/** What was done since the run has entered the scope in which the cancel found it. */
function checkCancelled(
  run: Run,
  steps: readonly Step[],
  places: readonly Place[],
  last: Entry,
  verdict: Verdict,
): void {
  const stands = places.findLast(({ goesOn }) => goesOn);
  if (stands === undefined || last.body.kind !== 'END') return;
  const told = last.body.end.compensations ?? [];
  for (const { done, pointer, scope } of steps) {
    if (!isIn(stands, scope)) continue;
    const outside = places.findLast((place) => place.goesOn && !isIn(place, scope));
    if (outside !== undefined && outside.offset > done.entry.offset) continue;
    verdict.expect(
      told.some((entry) => entry.pointer === pointer && entry.certain),
      () =>
        `run ${run.run} was cancelled inside ${scope}, and ${pointer}, which it had completed there, is not undone`,
      at(last),
    );
  }
}

/** Where the root strand stood. */
interface Place {
  readonly offset: number;
  readonly named: string;
  readonly position: string;
  /** not because somebody has cancelled it, or undoes what it did */
  readonly goesOn: boolean;
}

function placesOf({ records }: Run): readonly Place[] {
  return records.flatMap(({ body, header, named, offset, valid }): Place[] => {
    if (!valid || header.strand !== '') return [];
    if (body.kind !== 'STEP' && body.kind !== 'PARK') return [];
    const { cancelling, frames, position } = body.state;
    const goesOn = cancelling === undefined && !frames.some(({ node }) => node.kind === 'undo');
    return [{ offset, named, position, goesOn }];
  });
}

function isIn({ position }: Place, scope: string): boolean {
  return position.startsWith(`${scope}/`);
}
