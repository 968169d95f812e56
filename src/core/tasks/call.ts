/*
 * call: an activity. Its request is evaluated here, once; its effect key is fixed here (P3).
 *
 * The activity that an enclosing try retries keeps its activation, and so its key, when it asks for
 * the same again; every other way into the task is a new activation. A secret is not part of what is
 * asked for: the text that reads it is.
 */
import { setOwn } from '../../dsl/plan/expression.ts';
import type { CallNode, LatePlan, Node, Scope } from '../../dsl/plan/index.ts';
import {
  ACTIVITY_TIMEOUT_MS,
  type ActivityState,
  anyJson,
  effectKey,
  type Json,
  type LateArguments,
  sha256Hex,
} from '../../wire/index.ts';
import type { Machine } from '../machine.ts';
import { BrokenInvariant } from '../outcome.ts';
import { undoIndex } from '../undo.ts';
import type { TaskKind } from './task-kind.ts';

export const callTask: TaskKind<CallNode> = {
  fresh: { kind: 'root' },
  enter(machine, node, input, raw) {
    const { activity: kind, service: name } = node;
    const scope = machine.scope(node, raw, input);
    const args = node.arguments(input, scope);
    const late = node.late && lateArguments(node.late, input, scope);
    const digest = sha256Hex(requestText(args, kind, name, late));
    const indices = loopIndices(machine);
    const failed = retriedActivity(machine, node, digest, indices);
    const activation = failed?.activation ?? ++machine.activation;
    const attempt = (failed?.attempt ?? 0) + 1;
    const { run, strand } = machine.id;
    const role = undoIndex(machine.frames) < 0 ? 'do' : 'compensate';
    const key = effectKey(run, strand, activation, role, digest);
    machine.remember({
      kind: 'activity',
      key,
      activation,
      attempt,
      digest,
      pointer: node.pointer,
      indices,
    });
    const deadline = machine.top().deadline;
    const timeout = deadline === undefined ? ACTIVITY_TIMEOUT_MS : deadline - machine.now;
    return {
      do: 'stop',
      next: {
        kind: 'activity',
        activity:
          late === undefined
            ? { key, role, pointer: node.pointer, kind, name, arguments: args, attempt, timeout }
            : {
                key,
                role,
                pointer: node.pointer,
                kind,
                name,
                arguments: args,
                late,
                attempt,
                timeout,
              },
      },
    };
  },
  resume(_machine, node, frame, cause) {
    if (cause.kind !== 'activity' || frame.node.kind !== 'activity') {
      throw new BrokenInvariant(`a call was resumed by ${cause.kind}`);
    }
    if (cause.key !== frame.node.key) {
      throw new BrokenInvariant('a call was given the answer to another one');
    }
    if (cause.error !== undefined) {
      return { do: 'raise', error: withInstance(cause.error, frame.pointer) };
    }
    return { do: 'leave', output: (node.goesOn ? frame.input : cause.result) ?? null };
  },
};

/** The canonical text of what is asked for (anyJson), put together of parts where they have one. */
function requestText(
  args: Json,
  kind: string,
  name: string,
  late: LateArguments | undefined,
): string {
  if (late === undefined && kind.isWellFormed() && name.isWellFormed()) {
    return `{"arguments":${anyJson(args)},"kind":${JSON.stringify(kind)},"name":${JSON.stringify(name)}}`;
  }
  const asked = { arguments: args, kind, name, ...(late === undefined ? {} : { late }) };
  return anyJson(asked as unknown as Json);
}

/** What the leaves that wait for the call will be evaluated on. */
function lateArguments(plan: LatePlan, input: Json, scope: Scope): LateArguments {
  const { leaves, secrets, from } = plan;
  const variables: Record<string, Json> = {};
  for (const name of plan.reads) setOwn(variables, name, scope.variable(name));
  return {
    leaves,
    secrets,
    variables,
    input: plan.readsInput ? input : null,
    ...(plan.loose ? { loose: true } : {}),
    ...(from === undefined ? {} : { from }),
    ...(plan.readsNow ? { now: scope.now } : {}),
  };
}

function withInstance<E extends { readonly instance?: string }>(error: E, pointer: string): E {
  return error.instance === undefined ? { ...error, instance: pointer } : error;
}

/** Turns of loops, and of events that are worked off one after the other. */
function loopIndices(machine: Machine): readonly number[] {
  const indices: number[] = [];
  for (const { node } of machine.frames) {
    if (node.kind === 'for' || (node.kind === 'listen' && node.item !== undefined)) {
      indices.push(node.index);
    }
  }
  return indices;
}

/** What the innermost retrying try remembers of this very activity, if its request is the same. */
function retriedActivity(
  machine: Machine,
  node: Node,
  digest: string,
  indices: readonly number[],
): ActivityState | undefined {
  const { frames } = machine;
  for (let i = frames.length - 1; i >= 0; i--) {
    const frame = frames[i]!;
    if (frame.node.kind !== 'try' || frame.node.inCatch || frame.node.failed === undefined)
      continue;
    const { failed } = frame.node;
    if (
      failed.pointer !== node.pointer ||
      failed.digest !== digest ||
      failed.indices.join() !== indices.join()
    ) {
      continue;
    }
    // Only its first entry is the retry; a loop by `then` that comes again is a new effect.
    const { failed: _, ...rest } = frame.node;
    frames[i] = { ...frame, node: rest };
    return failed;
  }
  return undefined;
}
