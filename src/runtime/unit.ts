/*
 * From an Outcome to the records of a unit (PROTOCOL.md R6, write budget). Pure.
 *
 * U1. A hop of a strand is exactly one record of it: STEP, PARK or END.
 * U2. What is due within the hold limit stays in the Log; what waits longer, or listens, is parked.
 */
import { isCancellable, type Outcome } from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import {
  type Cause,
  type DefinitionRef,
  HOLD_MAX_MS,
  type LogRecord,
  type RecordBody,
  type RecordHeader,
  type StepBody,
} from '../wire/index.ts';

/** A record before it has a number and a tenure. */
export interface Draft {
  readonly kind: RecordHeader['kind'];
  readonly run: string;
  readonly strand: string;
  readonly hop: number;
  readonly definition: string;
  readonly joins: number;
  readonly carries: number;
  readonly journal?: true;
  readonly body: RecordBody;
}

/** Records that are valid or void together, and the identities that they resolve. */
export interface Unit {
  readonly targets: readonly number[];
  readonly records: readonly Draft[];
}

/** Who a record is about. */
export interface Subject {
  readonly run: string;
  readonly strand: string;
  readonly hop: number;
  readonly definition: string;
  readonly name: DefinitionRef;
  readonly journal?: true;
}

export function subjectOf(run: string, strand: string, hop: number, plan: Plan): Subject {
  const { hash, namespace, name, version } = plan.definition;
  const subject = { run, strand, hop, definition: hash, name: { namespace, name, version } };
  return plan.journal ? { ...subject, journal: true } : subject;
}

export function draft(kind: Draft['kind'], body: RecordBody, about: Partial<Draft> = {}): Draft {
  const { run = '', strand = '', hop = 0, definition = '', joins = 0, carries = -1 } = about;
  const drafted: Draft = { kind, run, strand, hop, definition, joins, carries, body };
  return about.journal === undefined ? drafted : { ...drafted, journal: about.journal };
}

/** Whether it is of a strand that does as its definition says: neither failed nor undone, put aside or cancelled. */
export function goesOn(body: RecordBody): boolean {
  if (body.kind === 'END') return body.end.error === undefined && body.end.cancelled !== true;
  if (body.kind !== 'STEP' && body.kind !== 'PARK') return false;
  if (body.kind === 'PARK' && (body.why === 'dead' || body.why === 'suspend')) return false;
  return isCancellable(body.state);
}

/** The record of the strand that was stepped, and the first records of the strands it has begun. */
export function recordsOf(
  subject: Subject,
  outcome: Outcome,
  cause: Cause,
  now: number,
): readonly Draft[] {
  const { next, state, deadline } = outcome;
  const { run } = subject;
  switch (next.kind) {
    case 'activity': {
      const { activity, notBefore } = next;
      if (notBefore !== undefined && notBefore - now > HOLD_MAX_MS) {
        const due = earlier(notBefore, deadline);
        return [
          draft('PARK', { kind: 'PARK', state, cause, activity, why: 'retry', due }, subject),
        ];
      }
      const body: StepBody =
        notBefore === undefined
          ? { kind: 'STEP', state, cause, activity }
          : { kind: 'STEP', state, cause, activity, notBefore };
      return [draft('STEP', body, subject)];
    }
    case 'hold': {
      const due = earlier(next.until, deadline);
      return due - now > HOLD_MAX_MS
        ? [draft('PARK', { kind: 'PARK', state, cause, why: next.why, due }, subject)]
        : [draft('STEP', { kind: 'STEP', state, cause, notBefore: next.until }, subject)];
    }
    case 'listen': {
      const { subscription } = next;
      const due = deadline === undefined ? {} : { due: deadline };
      return [
        draft('PARK', { kind: 'PARK', state, cause, why: 'listen', subscription, ...due }, subject),
      ];
    }
    case 'continue':
      return [draft('STEP', { kind: 'STEP', state, cause }, subject)];
    case 'fork': {
      const frame = state.frames.at(-1)!;
      const joins = frame.node.kind === 'fork' ? frame.node.activation : 0;
      const records = [draft('STEP', { kind: 'STEP', state, cause }, { ...subject, joins })];
      for (const begun of next.strands) {
        const branch = subjectOf(run, begun.strand, 1, begun.plan);
        records.push(
          ...recordsOf(branch, begun.outcome, { kind: 'branch', branch: begun.branch }, now),
        );
      }
      return records;
    }
    case 'end': {
      const caller = state.caller === undefined ? {} : { caller: state.caller };
      return [
        draft(
          'END',
          { kind: 'END', end: next.end, cause, definition: subject.name, ...caller },
          subject,
        ),
      ];
    }
  }
}

function earlier(a: number, b: number | undefined): number {
  return b === undefined || a < b ? a : b;
}

/** Gives a draft its place in a tenure. */
export function numbered(
  drafted: Draft,
  place: Pick<RecordHeader, 'tenure' | 'nonce' | 'n' | 'unit' | 'unitSize' | 'targets' | 'time'>,
  minReader: number,
): LogRecord {
  const { kind, run, strand, hop, definition, joins, carries, journal, body } = drafted;
  const { tenure, nonce, n, unit, unitSize, targets, time } = place;
  // Member by member: this is made for each record, and spreading is not free.
  const header: RecordHeader = {
    kind,
    tenure,
    nonce,
    n,
    unit,
    unitSize,
    targets,
    run,
    strand,
    hop,
    definition,
    time,
    minReader,
    joins,
    carries,
  };
  return { header: journal === undefined ? header : { ...header, journal }, body };
}
