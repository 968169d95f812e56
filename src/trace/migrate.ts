/*
 * Migration maps: how the tasks of a recorded State are called in another definition, `old=new`. A name
 * of a task or its JSON pointer stands on either side.
 */
import type {
  Activity,
  Frame,
  NodeState,
  RecordBody,
  State,
  WorkflowError,
} from '../wire/index.ts';

export interface PointerMap {
  readonly pointer: (pointer: string) => string;
  readonly state: (state: State) => State;
  readonly body: <Body extends RecordBody>(body: Body) => Body;
}

/** A map that cannot be read. */
export class MapError extends Error {
  override readonly name = 'MapError';
}

export const NO_MAP: PointerMap = {
  pointer: (pointer) => pointer,
  state: (state) => state,
  body: (body) => body,
};

/** The map of these rules, each `old=new`; what none of them names stays as it is. */
export function pointerMap(rules: readonly string[]): PointerMap {
  if (rules.length === 0) return NO_MAP;
  const names = new Map<string, string>();
  const pointers: [string, string][] = [];
  for (const rule of rules) {
    const [from = '', to = '', ...more] = rule.split('=').map((part) => part.trim());
    if (
      from === '' ||
      to === '' ||
      more.length > 0 ||
      from.startsWith('/') !== to.startsWith('/')
    ) {
      throw new MapError(
        `${JSON.stringify(rule)}: expected OLD=NEW, both names of tasks or both JSON pointers of tasks`,
      );
    }
    if (from.startsWith('/')) pointers.push([from, to]);
    else names.set(from, to);
  }
  // The longest one says most.
  pointers.sort(([a], [b]) => b.length - a.length);
  const pointer = (text: string): string => {
    const rule = pointers.find(([from]) => text === from || text.startsWith(`${from}/`));
    if (rule !== undefined) return rule[1] + text.slice(rule[0].length);
    return names.size === 0 ? text : renamed(text, names);
  };
  const state = (one: State): State => mapState(one, pointer);
  return { pointer, state, body: (body) => mapBody(body, pointer, state) };
}

/** Names of tasks stand behind a number in a pointer: /do/1/NAME. */
function renamed(text: string, names: ReadonlyMap<string, string>): string {
  const steps = text.split('/');
  return steps
    .map((step, index) => (/^\d+$/.test(steps[index - 1] ?? '') ? (names.get(step) ?? step) : step))
    .join('/');
}

function mapState(state: State, pointer: (text: string) => string): State {
  const position = pointer(state.position);
  const mapped = state.frames.map((frame) => mapFrame(frame, pointer));
  const frames = mapped.map((frame, index) => {
    const inner = mapped[index + 1]?.pointer ?? position;
    return { ...frame, node: reindexed(frame.node, frame.pointer, inner) };
  });
  const compensations = state.compensations?.map((one) => ({
    ...one,
    pointer: pointer(one.pointer),
  }));
  return { ...state, position, frames, ...(compensations === undefined ? {} : { compensations }) };
}

function mapFrame(frame: Frame, pointer: (text: string) => string): Frame {
  return { ...frame, pointer: pointer(frame.pointer), node: mapNode(frame.node, pointer) };
}

function mapNode(node: NodeState, pointer: (text: string) => string): NodeState {
  switch (node.kind) {
    case 'activity':
      return { ...node, pointer: pointer(node.pointer) };
    case 'try':
      return {
        ...node,
        ...(node.failed === undefined
          ? {}
          : { failed: { ...node.failed, pointer: pointer(node.failed.pointer) } }),
        ...(node.caught === undefined ? {} : { caught: mapError(node.caught, pointer) }),
      };
    case 'undo':
      return node.error === undefined ? node : { ...node, error: mapError(node.error, pointer) };
    default:
      return node;
  }
}

/** A list counts its tasks: the number is that of the task it is at now. */
function reindexed(node: NodeState, outer: string, inner: string): NodeState {
  if (node.kind !== 'do' || !inner.startsWith(`${outer}/`)) return node;
  const index = /^\/(?:[^/\d][^/]*\/)?(\d+)\//.exec(inner.slice(outer.length))?.[1];
  return index === undefined ? node : { ...node, index: Number(index), completed: Number(index) };
}

function mapError(error: WorkflowError, pointer: (text: string) => string): WorkflowError {
  return error.instance === undefined ? error : { ...error, instance: pointer(error.instance) };
}

function mapBody<Body extends RecordBody>(
  body: Body,
  pointer: (text: string) => string,
  state: (one: State) => State,
): Body {
  const mapped: Record<string, unknown> = { ...body };
  if ('state' in body) mapped['state'] = state(body.state);
  if ('activity' in body && body.activity !== undefined) {
    const activity: Activity = body.activity;
    mapped['activity'] = { ...activity, pointer: pointer(activity.pointer) };
  }
  if (body.kind === 'END') {
    const { end } = body;
    const compensations = end.compensations?.map((one) => ({
      ...one,
      pointer: pointer(one.pointer),
    }));
    mapped['end'] = {
      ...end,
      ...(end.error === undefined ? {} : { error: mapError(end.error, pointer) }),
      ...(compensations === undefined ? {} : { compensations }),
    };
  }
  return mapped as unknown as Body;
}
