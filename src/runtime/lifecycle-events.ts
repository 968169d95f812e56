/*
 * Lifecycle events of one record (DSL, Lifecycle events): CloudEvents about runs and their tasks. Pure.
 *
 * F1. How runs begin, are put aside, go on and end is seen from the kinds of their records; what happens
 *     to tasks and correlations the records say themselves (happenings.ts).
 * F2. The id of an event is made of its run and of where its record stands in the Log: whoever reads the
 *     Log again makes the same one.
 * F3. Events are made as JSON text: there are three for each step of a run, and they differ in little.
 */
import {
  type DefinitionRef,
  type Happening,
  isoInstant,
  type Json,
  jsonText,
  type RecordBody,
  type RecordHeader,
  type StepBody,
} from '../wire/index.ts';
import type { Lifecycle } from './happenings.ts';

const SPECIFIED = 'io.serverlessworkflow';
/** Of types that the specification does not have. */
const OWN = 'io.waybill';

type Subject = 'workflow' | 'task';
interface Said {
  readonly type: string;
  /** ISO 8601 */
  readonly at: string;
  /** JSON */
  readonly data: string;
}

/** A CloudEvent in its structured form. */
export interface LifecycleEvent {
  readonly id: string;
  /** all of it, as JSON */
  readonly text: string;
}

/** A body as far as it is told of. Of a STEP that begins no run that is what happened, and nothing else. */
export type Telling =
  | Exclude<RecordBody, StepBody>
  | (Pick<StepBody, 'kind' | 'happened'> & Partial<Pick<StepBody, 'cause'>>);

/** What the records of a run tell that are of no use to anybody else: whether this one may. */
export function tells({ kind, run }: RecordHeader): boolean {
  return run !== '' && (kind === 'STEP' || kind === 'PARK' || kind === 'END' || kind === 'RESUME');
}

/** The events of a valid record, in order. */
export function lifecycleEvents(
  header: RecordHeader,
  body: Telling,
  offset: number,
  { namespace, name, version = '' }: DefinitionRef,
  lifecycle: Lifecycle,
): readonly LifecycleEvent[] {
  const { run, time } = header;
  const qualified = JSON.stringify(`${name}-${run}.${namespace}`);
  const said: Said[] = [];
  const workflow = (verb: string, member: string, more = '', when = time): void => {
    const at = isoInstant(when);
    const data = `{"name":${qualified}${more},"${member}":"${at}"}`;
    said.push({ type: typeOf('workflow', verb), at, data });
  };
  if (begins(header, body)) {
    workflow('started', 'startedAt', member('definition', { namespace, name, version }));
  }
  if (body.kind === 'RESUME' && body.why === 'resumed') workflow('resumed', 'resumedAt');
  const happened = 'happened' in body ? body.happened : undefined;
  for (const one of happened?.what ?? []) {
    const { at } = happened!;
    if (one.kind === 'workflow-correlating') {
      workflow('correlation-started', 'startedAt', '', at);
    } else if (one.kind === 'workflow-correlated') {
      const keys = member('correlationKeys', parsed(one.detail) ?? {});
      workflow('correlation-completed', 'completedAt', keys, at);
    } else if (lifecycle === 'task') tellOfTask(one, qualified, isoInstant(at), said);
  }
  if (body.kind === 'PARK' && (body.why === 'suspend' || body.why === 'dead')) {
    workflow('suspended', 'suspendedAt', member('reason', body.reason));
  } else if (body.kind === 'END' && header.strand === '') {
    const { cancelled, error } = body.end;
    if (cancelled === true) workflow('cancelled', 'cancelledAt');
    else if (error !== undefined) workflow('faulted', 'faultedAt', member('error', { ...error }));
    else workflow('completed', 'completedAt', member('outputUri', `urn:waybill:run:${run}:output`));
  }
  const source = JSON.stringify(`/${namespace}/${name}/${version}`);
  const subject = JSON.stringify(run);
  return said.map(({ at, data, type }, nth) => {
    const id = `${run}.${offset}.${nth}`;
    const text =
      `{"specversion":"1.0","id":${JSON.stringify(id)},"source":${source},"type":"${type}","time":"${at}"` +
      `,"subject":${subject},"datacontenttype":"application/json","data":${data}}`;
    return { id, text };
  });
}

/** One more member of an object, as JSON; nothing for what is not there. */
function member(name: string, value: Json | undefined): string {
  return value === undefined ? '' : `,"${name}":${jsonText(value, name)}`;
}

/** Exactly one record of each run that has begun is like this. */
function begins(header: RecordHeader, body: Telling): boolean {
  return mayBegin(header) && 'cause' in body && body.cause?.kind === 'start';
}

/** Whether the body must say that a run begins. */
export function mayBegin({ hop, strand }: RecordHeader): boolean {
  return strand === '' && hop === 1;
}

/** Kind of a happening -> verb of its event, and what is said of it first. */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  'task-started': ['created', 'started'],
  'task-skipped': ['created', 'skipped'],
  'task-completed': ['completed'],
  'task-faulted': ['faulted'],
  'task-retried': ['retried'],
  'task-cancelled': ['cancelled'],
  'task-suspended': ['suspended'],
  'task-resumed': ['resumed'],
  'task-compensated': ['compensated'],
  'task-deferred': ['deferred'],
};

/** `workflow`: its name, as JSON. */
function tellOfTask(
  { detail, kind, pointer, strand }: Happening,
  workflow: string,
  at: string,
  said: Said[],
): void {
  const task =
    `{"workflow":${workflow},"task":${JSON.stringify(pointer)}` +
    member('strand', strand === '' ? undefined : strand) +
    member('error', kind === 'task-faulted' ? parsed(detail) : undefined);
  for (const verb of VERBS[kind] ?? []) {
    said.push({ type: typeOf('task', verb), at, data: `${task},"${verb}At":"${at}"}` });
  }
}

function typeOf(subject: Subject, verb: string): string {
  const specified = verb !== 'skipped' && verb !== 'compensated' && verb !== 'deferred';
  return `${specified ? SPECIFIED : OWN}.${subject}.${verb}.v1`;
}

function parsed(text: string): Json | undefined {
  return text === '' ? undefined : (JSON.parse(text) as Json);
}
