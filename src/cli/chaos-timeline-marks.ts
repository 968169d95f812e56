/*
 * What a mark of a timeline says: the header, the cause and the State of a record, in words and short
 * values, with what they were in the record before it of the same strand.
 */
import { EPOCH_MS } from '../adapters/sim/index.ts';
import type { LedgerEntry } from '../chaos/history.ts';
import type { Entry } from '../chaos/oracles/index.ts';
import type { RunNames } from './chaos-run-names.ts';
import type { Detail, Mark } from '../report/chaos-model.ts';
import type { Cause, DefinitionRef, State } from '../wire/index.ts';

/** A mark that does not know its place yet; `key` is what arrows call it. */
export interface Draft extends Pick<
  Mark,
  'at' | 'lane' | 'kind' | 'label' | 'void' | 'minor' | 'title' | 'details'
> {
  readonly key: string;
  readonly instance: number | undefined;
}

const VALUE_MAX = 400;
/** Records that say nothing about the workflow. */
const MINOR = new Set(['MARK', 'CLOSE']);
/** What of a State is worth comparing with the one before. */
const COMPARED = new Set(['status', 'position', 'data', 'context', 'frames']);

export class Describer {
  private readonly names: RunNames;
  /** run and strand -> what its last valid record said */
  private readonly before = new Map<string, ReadonlyMap<string, string>>();

  constructor(names: RunNames) {
    this.names = names;
  }

  record(entry: Entry, key: string, lane: number): Draft {
    const { header, valid } = entry;
    const instance = this.names.numberOf(header.run);
    const whose = header.run === '' ? '' : ` of ${this.names.nameOf(header.run)}`;
    const strand = header.strand === '' ? '' : `, strand ${header.strand}`;
    const state = this.compared(entry, bodyDetails(entry));
    const task = state.find(({ name }) => name === 'activity')?.value;
    const what = task === undefined ? '' : ` schedules ${task}`;
    const isVoid = valid ? '' : ' - void';
    return {
      key,
      at: entry.time,
      lane,
      kind: 'record',
      label: labelOf(header.kind, header.strand),
      void: !valid,
      minor: MINOR.has(header.kind),
      instance,
      title: `${header.kind} at ${entry.offset}${whose}${strand}${what}${isVoid}`,
      details: [...headerDetails(entry), ...state],
    };
  }

  private compared({ header, valid }: Entry, details: readonly Detail[]): Detail[] {
    if (header.run === '') return [...details];
    const key = `${header.run} ${header.strand}`;
    const before = this.before.get(key);
    if (valid) this.before.set(key, new Map(details.map(({ name, value }) => [name, value])));
    return details.map((detail) => {
      const was = COMPARED.has(detail.name) ? before?.get(detail.name) : undefined;
      return was === undefined || was === detail.value ? detail : { ...detail, was };
    });
  }
}

/** A record of a branch, an iteration or a child says so: the last part of its path. */
function labelOf(kind: string, strand: string): string {
  const last = strand.split('/').at(-1) ?? '';
  return last === '' ? kind : `${kind} ${last.length > 8 ? `${last.slice(0, 7)}…` : last}`;
}

function headerDetails({ header, identity, offset, partition, valid }: Entry): Detail[] {
  const { hop, n, run, strand, targets, tenure, unitSize } = header;
  const owner = header.kind !== 'CLAIM' && tenure + n > 0;
  return [
    { name: 'place', value: `partition ${partition}, offset ${offset}` },
    ...(owner ? [{ name: 'number', value: `${n} of tenure ${tenure}` }] : []),
    ...(valid ? [] : [{ name: 'validity', value: 'void: every reader skips it' }]),
    ...(run === '' ? [] : [{ name: 'run', value: run }]),
    ...(strand === '' ? [] : [{ name: 'strand', value: strand }]),
    ...(run === '' || hop === 0 ? [] : [{ name: 'hop', value: String(hop) }]),
    ...(targets.length === 0 ? [] : [{ name: 'resolves', value: targets.join(', ') }]),
    ...(unitSize > 1 ? [{ name: 'unit', value: `of ${unitSize} records` }] : []),
    ...(identity === offset ? [] : [{ name: 'copy of', value: String(identity) }]),
  ];
}

function bodyDetails(entry: Entry): Detail[] {
  const body = entry.body.kind === 'CARRY' ? entry.body.body : entry.body;
  switch (body.kind) {
    case 'START':
      return [text('input', body.input ?? null)];
    case 'STEP':
      return [
        { name: 'cause', value: causeText(body.cause) },
        ...(body.activity === undefined
          ? []
          : [
              {
                name: 'activity',
                value: `${body.activity.name}${body.activity.attempt > 1 ? ` (attempt ${body.activity.attempt})` : ''}`,
              },
              text('request', body.activity.arguments),
              { name: 'effect key', value: body.activity.key.slice(0, 16) },
            ]),
        ...stateDetails(body.state),
      ];
    case 'PARK':
      return [
        { name: 'cause', value: causeText(body.cause) },
        {
          name: 'parked',
          value: body.reason === undefined ? body.why : `${body.why}: ${body.reason}`,
        },
        ...stateDetails(body.state),
      ];
    case 'CANCELLING':
      return [
        { name: 'cause', value: causeText(body.cause) },
        { name: 'waits for', value: `effect ${body.key.slice(0, 16)}` },
        { name: 'until', value: body.until === 0 ? 'it is not waited for' : clock(body.until) },
        ...stateDetails(body.state),
      ];
    case 'SCHEDULE':
      return [
        { name: 'starts', value: nameOfDefinition(body.definition) },
        text('rule', body.rule),
        ...dueDetails(body.due),
      ];
    case 'FIRE':
      return [
        { name: 'schedule', value: `the one at ${body.row}` },
        { name: 'tick', value: clock(body.tick) },
        ...dueDetails(body.due),
      ];
    case 'END':
      return [
        { name: 'cause', value: causeText(body.cause) },
        body.end.error === undefined
          ? text('output', body.end.output ?? null)
          : text('error', body.end.error),
      ];
    case 'CLAIM':
      return [
        { name: 'reads from', value: `mark ${body.mark.offset}` },
        ...(body.takeovers.size === 0
          ? []
          : [{ name: 'takeovers counted', value: text('', [...body.takeovers]).value }]),
      ];
    case 'MARK':
      return [
        { name: 'mark', value: `nothing open below ${body.mark.offset}` },
        { name: 'running', value: body.running.length === 0 ? 'nothing' : body.running.join(', ') },
      ];
    case 'RESUME':
      return [
        { name: 'rows', value: body.rows.join(', ') },
        { name: 'why', value: body.why },
        ...(body.events === undefined
          ? []
          : [
              {
                name: 'events',
                value: body.events.map(({ partition, offset }) => `${partition}/${offset}`).join(),
              },
            ]),
      ];
    case 'OUTPUT':
      return [{ name: 'unsent', value: `events of ${body.unsent.length} runs` }];
    case 'CONTROL':
      return [{ name: 'asks for', value: body.verb }];
    case 'ANSWER':
      return [{ name: 'answer', value: body.outcome }];
    case 'UNREADABLE':
      return [{ name: 'body', value: 'cannot be decoded' }];
    default:
      return [];
  }
}

function nameOfDefinition({ name, namespace, version }: DefinitionRef): string {
  return `${namespace}/${name}${version === undefined ? '' : `/${version}`}`;
}

function dueDetails(due: number | undefined): Detail[] {
  return [{ name: 'next', value: due === undefined ? 'never again' : clock(due) }];
}

/** As the page counts time: from the beginning of the run. */
function clock(at: number): string {
  return `${((at - EPOCH_MS) / 1_000).toFixed(3)} s`;
}

function stateDetails(state: State): Detail[] {
  const { context, data, frames, position, status } = state;
  return [
    { name: 'status', value: status },
    { name: 'position', value: position === '' ? '/' : position },
    {
      name: 'frames',
      value: frames
        .map(({ node, pointer }) => `${node.kind} ${pointer.split('/').at(-1)}`)
        .join(' > '),
    },
    ...(data === undefined ? [] : [text('data', data)]),
    ...(context === undefined ? [] : [text('context', context)]),
  ];
}

function causeText(cause: Cause): string {
  switch (cause.kind) {
    case 'activity': {
      const outcome =
        cause.error === undefined ? text('', cause.result ?? null).value : cause.error.title;
      const word = cause.error === undefined ? 'answered' : 'failed:';
      return `attempt ${cause.attempt} of ${cause.key.slice(0, 8)} ${word} ${outcome}`;
    }
    case 'joined':
      return `${Object.keys(cause.ends).length} branches ended`;
    case 'branch':
      return `branch ${cause.branch} begins`;
    case 'control':
      return `control: ${cause.verb}`;
    case 'start':
      return 'the start';
    case 'timer':
      return 'time has come';
    case 'events':
      return `heard ${cause.events.map(({ type }) => type).join(', ')}`;
    case 'continue':
      return 'goes on after fuel ran out';
  }
}

export function callDetails(call: LedgerEntry): Detail[] {
  return [
    { name: 'runner', value: call.runner },
    { name: 'attempt', value: String(call.attempt) },
    { name: 'effect key', value: call.key.slice(0, 16) },
    text('request', call.request),
    { name: 'applied', value: call.applied ? 'yes' : 'no, it had it already or refused' },
    { name: 'heard', value: call.heard },
    ...(call.answer === undefined ? [] : [text('answer', call.answer)]),
  ];
}

function text(name: string, value: unknown): Detail {
  const json = JSON.stringify(value) ?? 'null';
  return { name, value: json.length > VALUE_MAX ? `${json.slice(0, VALUE_MAX)} ...` : json };
}
