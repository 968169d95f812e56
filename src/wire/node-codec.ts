/* Frames: what is remembered about each active task. */
import { waybill } from './generated/messages.js';
import {
  endFromJson,
  errorFromMessage,
  errorOf,
  errorText,
  errorToJson,
  errorToMessage,
} from './error-codec.ts';
import type { Json } from './json.ts';
import { jsonText, jsonValue } from './json-text.ts';
import { BRANCHES_AT_ONCE } from './limits.ts';
import { integer, optional, present, required, uint32, type Writable } from './fields.ts';
import { listenFromMessage, listenToMessage } from './listen-codec.ts';
import type {
  ActivityState,
  ExtendedState,
  ForkState,
  Frame,
  NodeState,
  StrandEnd,
  TryState,
} from './state.ts';
import { WireError } from './wire-error.ts';

type NodeMessage = waybill.v1.NodeState.$Properties;
type ActivityMessage = waybill.v1.ActivityState.$Properties;
type TryMessage = waybill.v1.TryState.$Properties;
type ForkMessage = waybill.v1.ForkState.$Properties;
type ExtendedMessage = waybill.v1.ExtendedState.$Properties;

const EMPTY = {};

/** The map of frames has no order on the wire: the length of the pointers is it. */
export function checkNests(frames: readonly Frame[]): void {
  let outer: string | undefined;
  for (const { pointer } of frames) {
    const nests = outer === undefined || (pointer.startsWith(outer) && pointer !== outer);
    if (!nests || (pointer !== '' && !pointer.startsWith('/'))) {
      throw new WireError(`the frame ${JSON.stringify(pointer)} does not nest in the one before`);
    }
    outer = pointer;
  }
}

export function frameToMessage(frame: Frame): NodeMessage {
  const message = nodeToMessage(frame.node);
  message.startedAt = integer(frame.startedAt, 'startedAt');
  message.deadline = optional(frame.deadline, 'deadline', integer);
  message.rawInputJson = optional(frame.rawInput, 'rawInput', jsonText);
  message.inputJson = optional(frame.input, 'input', jsonText);
  message.saga = optional(frame.saga, 'saga', uint32);
  return message;
}

function nodeToMessage(node: NodeState): NodeMessage {
  switch (node.kind) {
    case 'root':
      return { root: EMPTY };
    case 'switch':
      return { switch: EMPTY };
    case 'do':
      return {
        do: {
          currentIndex: uint32(node.index, 'index'),
          completedTasks: uint32(node.completed, 'completed'),
        },
      };
    case 'for':
      return {
        for: {
          index: uint32(node.index, 'index'),
          restJson: jsonText(node.rest as readonly Json[], 'the items of a for'),
        },
      };
    case 'wait':
      return { wait: { until: integer(node.until, 'until') } };
    case 'activity':
      return { activity: activityToMessage(node) };
    case 'listen':
      return { listen: listenToMessage(node) };
    case 'try':
      return { try: tryToMessage(node) };
    case 'fork':
      return { fork: forkToMessage(node) };
    case 'undo':
      return {
        undo: {
          floor: uint32(node.floor, 'floor'),
          current: uint32(node.current, 'current'),
          errorJson: node.error === undefined ? null : errorText(node.error),
        },
      };
    case 'extended':
      return { extended: extendedToMessage(node) };
    default:
      throw new WireError(`there is no kind of node ${JSON.stringify((node as NodeState).kind)}`);
  }
}

function activityToMessage(node: ActivityState): ActivityMessage {
  return {
    key: node.key,
    activation: uint32(node.activation, 'activation'),
    attempt: uint32(node.attempt, 'attempt'),
    digest: node.digest,
    pointer: node.pointer,
    indices: node.indices.map((index) => uint32(index, 'indices')),
  };
}

function tryToMessage(node: TryState): TryMessage {
  return {
    inCatch: node.inCatch,
    caughtError: node.caught === undefined ? null : errorToMessage(node.caught),
    caughtJson: node.caught === undefined ? null : errorToJson(node.caught, 'caught'),
    failures: uint32(node.failures, 'failures'),
    retryAt: optional(node.retryAt, 'retryAt', integer),
    attemptDeadline: optional(node.attemptDeadline, 'attemptDeadline', integer),
    firstAt: integer(node.firstAt, 'firstAt'),
    failed: node.failed === undefined ? null : activityToMessage(node.failed),
  };
}

function forkToMessage(node: ForkState): ForkMessage {
  const ends = Object.entries(node.ends);
  return {
    activation: uint32(node.activation, 'activation'),
    total: uint32(node.total, 'total'),
    started: uint32(node.started, 'started'),
    settling: node.settling === true,
    settles: node.settles ?? null,
    resultsJson: Object.fromEntries(
      ends.map(([branch, end]) => [
        String(uint32(Number(branch), 'the index of a branch')),
        jsonText(end as unknown as Json, 'the end of a branch'),
      ]),
    ),
    resultsOrder: (node.order ?? []).map((branch) => uint32(branch, 'the index of a branch')),
    itemsJson: optional(node.items, 'items', jsonText),
    branchIds: branchesBegun(node),
    branchStatuses: Object.fromEntries(
      ends.map(([branch, end]) => [`${node.activation}.${branch}`, statusOf(end)]),
    ),
  };
}

/** The strands of a fork relative to their own, the first ones only: a fork may be very wide. */
export function branchesBegun(node: ForkState): string[] {
  const length = Math.min(node.started, BRANCHES_AT_ONCE);
  return Array.from({ length }, (_, branch) => `${node.activation}.${branch}`);
}

function statusOf(end: StrandEnd): string {
  if (end.cancelled === true) return 'cancelled';
  return end.error === undefined ? 'completed' : 'faulted';
}

/** By the numbers of ExtendedStage. */
const STAGES = [undefined, 'before', 'task', 'after'] as const;
const STAGE_NUMBERS = new Map<string | undefined, waybill.v1.ExtendedStage>(
  STAGES.map((stage, number) => [stage, number]),
);

function extendedToMessage({ applied, at, output, stage, then }: ExtendedState): ExtendedMessage {
  return {
    stage: STAGE_NUMBERS.get(stage) ?? null,
    applied: applied.map((index) => uint32(index, 'applied')),
    at: uint32(at, 'at'),
    outputJson: optional(output, 'output', jsonText),
    then: then === undefined ? null : String(then),
  };
}

export function frameFromMessage(pointer: string, message: NodeMessage): Frame {
  const { deadline, rawInputJson, inputJson } = message;
  const frame: Writable<Frame> = {
    pointer,
    node: nodeFromMessage(message),
    startedAt: required(message.startedAt, 'startedAt of a frame'),
  };
  if (present(deadline)) frame.deadline = deadline;
  if (present(rawInputJson)) frame.rawInput = jsonValue(rawInputJson, 'rawInput');
  if (present(inputJson)) frame.input = jsonValue(inputJson, 'input');
  if (present(message.saga)) frame.saga = message.saga;
  return frame;
}

function nodeFromMessage(message: NodeMessage): NodeState {
  if (present(message.activity)) return activityFromMessage(message.activity);
  if (present(message.do)) {
    const { currentIndex, completedTasks } = message.do;
    return { kind: 'do', index: currentIndex ?? 0, completed: completedTasks ?? 0 };
  }
  if (present(message.try)) return tryFromMessage(message.try);
  if (present(message.for)) {
    const rest = list(message.for.restJson ?? '', 'the items of a for');
    return { kind: 'for', index: message.for.index ?? 0, rest };
  }
  if (present(message.wait)) return { kind: 'wait', until: message.wait.until ?? 0 };
  if (present(message.fork)) return forkFromMessage(message.fork);
  if (present(message.undo)) {
    const { floor, current, errorJson } = message.undo;
    const undo = { kind: 'undo', floor: floor ?? 0, current: current ?? 0 } as const;
    return present(errorJson)
      ? { ...undo, error: errorOf(errorJson, 'what goes on after the compensations') }
      : undo;
  }
  if (present(message.extended)) return extendedFromMessage(message.extended);
  if (present(message.listen)) return listenFromMessage(message.listen);
  if (present(message.switch)) return { kind: 'switch' };
  if (present(message.root)) return { kind: 'root' };
  throw new WireError('a frame says nothing about its task, or is of a kind not known here');
}

function activityFromMessage(message: ActivityMessage): ActivityState {
  return {
    kind: 'activity',
    key: message.key ?? '',
    activation: message.activation ?? 0,
    attempt: message.attempt ?? 0,
    digest: message.digest ?? '',
    pointer: message.pointer ?? '',
    indices: message.indices ?? [],
  };
}

function tryFromMessage(message: TryMessage): TryState {
  const { caughtError, retryAt, attemptDeadline, failed } = message;
  const node: Writable<TryState> = {
    kind: 'try',
    inCatch: message.inCatch ?? false,
    failures: message.failures ?? 0,
    firstAt: message.firstAt ?? 0,
  };
  if (present(caughtError))
    node.caught = errorFromMessage(caughtError, message.caughtJson, 'caught');
  if (present(retryAt)) node.retryAt = retryAt;
  if (present(attemptDeadline)) node.attemptDeadline = attemptDeadline;
  if (present(failed)) node.failed = activityFromMessage(failed);
  return node;
}

function forkFromMessage(message: ForkMessage): ForkState {
  const ends: { [branch: number]: StrandEnd } = {};
  for (const [branch, text] of Object.entries(message.resultsJson ?? {})) {
    ends[Number(branch)] = endFromJson(
      jsonValue(text, 'the end of a branch'),
      'the end of a branch',
    );
  }
  const fork: Writable<ForkState> = {
    kind: 'fork',
    activation: message.activation ?? 0,
    total: message.total ?? 0,
    started: message.started ?? 0,
    ends,
    ...(message.settling === true ? { settling: true } : {}),
    ...(message.settles === true ? { settles: true } : {}),
  };
  if (message.resultsOrder?.length) fork.order = message.resultsOrder;
  if (present(message.itemsJson)) fork.items = list(message.itemsJson, 'the items of a loop');
  return fork;
}

function list(text: string, what: string): readonly Json[] {
  const items = jsonValue(text, what);
  if (!Array.isArray(items)) throw new WireError(`${what} are not a list`);
  return items as readonly Json[];
}

function extendedFromMessage(message: ExtendedMessage): ExtendedState {
  const { applied, at, outputJson, then } = message;
  const stage = STAGES[message.stage ?? 0];
  if (stage === undefined) throw new WireError(`there is no stage ${message.stage}`);
  const node: Writable<ExtendedState> = {
    kind: 'extended',
    stage,
    applied: applied ?? [],
    at: at ?? 0,
  };
  if (present(outputJson)) node.output = jsonValue(outputJson, 'output');
  if (present(then)) node.then = directiveFrom(then);
  return node;
}

function directiveFrom(text: string): NonNullable<ExtendedState['then']> {
  if (text === 'continue' || text === 'exit' || text === 'end') return text;
  const index = Number(text);
  if (!Number.isInteger(index) || index < 0) throw new WireError(`${text} leads nowhere`);
  return index;
}
