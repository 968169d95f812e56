/*
 * Which task, and which of its expressions, a difference comes from: the step is made again and asked
 * what it went through.
 */
import type { Outcome, Transition } from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import { pointerStep } from '../wire/index.ts';
import { at } from './depend.ts';
import { isSame } from './diff.ts';
import type { Judged } from './replay.ts';

export interface Responsible {
  /** JSON pointer of the task; '' = the workflow itself */
  readonly task: string;
  /** JSON pointer of the expression in the document, and what it says */
  readonly expression?: { readonly at: string; readonly text: string };
}

/**
 * Who is responsible for what differs in `judged`. `recorded` is the plan that was followed, `tried` the
 * one that the step was made with; they may be the same.
 */
export function responsible(
  judged: Judged,
  recorded: Plan | undefined,
  tried: Plan | undefined,
): Responsible {
  const { verdict } = judged;
  if (verdict.kind !== 'differs' && verdict.kind !== 'breaks' && verdict.kind !== 'depends') {
    return { task: '' };
  }
  const outcome = again(judged);
  const passed = (outcome?.transitions ?? []).map(({ pointer }: Transition) => pointer);
  const before = recorded?.definition.document;
  const after = tried?.definition.document;
  if (before !== undefined && after !== undefined && before !== after) {
    const stops = outcome === undefined ? [] : standsAt(outcome);
    const visited = [verdict.task, ...passed, ...stops].filter((pointer) => pointer !== '');
    // The innermost task that was changed and that the step, recorded or made again, goes through.
    const changed = visited
      .filter((pointer) => !isSame(own(at(before, pointer)), own(at(after, pointer))))
      .sort((a, b) => b.length - a.length)[0];
    if (changed !== undefined) {
      return { task: changed, ...expressionIn(at(before, changed), at(after, changed), changed) };
    }
    if (!isSame({ ...before, do: null, document: null }, { ...after, do: null, document: null })) {
      const was = { ...before, do: null, document: null };
      return { task: '', ...expressionIn(was, { ...after, do: null, document: null }, '') };
    }
  }
  if (verdict.kind !== 'differs') return { task: verdict.task };
  const place = verdict.differences[0]?.at ?? '';
  const done = passed.findLast(
    (_, index) => outcome?.transitions[index]?.kind === 'task-completed',
  );
  const task = /^\/(?:state\/(?:data|context)|end)/.test(place)
    ? (done ?? verdict.task)
    : verdict.task;
  const source = at(after ?? before, task);
  return { task, ...expressionFor(source, task, place) };
}

function again({ again }: Judged): Outcome | undefined {
  try {
    return again?.(true);
  } catch {
    return undefined;
  }
}

function standsAt({ next, state }: Outcome): string[] {
  const here = state.frames.map(({ pointer }) => pointer);
  return next.kind === 'activity' ? [...here, next.activity.pointer] : here;
}

/** A task without the tasks in it. */
function own(task: unknown): unknown {
  if (typeof task !== 'object' || task === null) return task;
  const { do: _, fork: _fork, try: _try, ...rest } = task as Record<string, unknown>;
  return rest;
}

/** The first text that is another one. */
function expressionIn(before: unknown, after: unknown, pointer: string): Partial<Responsible> {
  const walk = (a: unknown, b: unknown, where: string): string | undefined => {
    if (isSame(a, b)) return undefined;
    if (typeof b === 'object' && b !== null && typeof a === 'object' && a !== null) {
      for (const [key, part] of Object.entries(b)) {
        const found = walk(
          (a as Record<string, unknown>)[key],
          part,
          `${where}/${pointerStep(key)}`,
        );
        if (found !== undefined) return found;
      }
      return undefined;
    }
    return where;
  };
  const where = walk(before, after, '');
  if (where === undefined) return {};
  const text = at(after, where);
  if (text === undefined) return {};
  return {
    expression: {
      at: pointer + where,
      text: typeof text === 'string' ? text : JSON.stringify(text),
    },
  };
}

const MADE_BY: readonly [RegExp, readonly string[]][] = [
  [/^\/activity\/arguments/, ['with', 'run', 'call']],
  [/^\/(?:state\/data|end\/output)/, ['output', 'set', 'emit']],
  [/^\/state\/context/, ['export']],
  [/^\/(?:end\/error|state\/frames\/\d+\/node\/error)/, ['raise', 'output', 'input']],
  [/^\/(?:notBefore|due)/, ['wait', 'timeout', 'retry', 'catch']],
];

/** The text of the task that makes what differs. */
function expressionFor(task: unknown, pointer: string, place: string): Partial<Responsible> {
  if (typeof task !== 'object' || task === null) return {};
  for (const [places, keys] of MADE_BY) {
    if (!places.test(place)) continue;
    for (const key of keys) {
      const made = (task as Record<string, unknown>)[key];
      const found = made === undefined ? undefined : firstExpression(made, `${pointer}/${key}`);
      if (found !== undefined) return { expression: found };
    }
  }
  return {};
}

function firstExpression(value: unknown, where: string): Responsible['expression'] {
  if (typeof value === 'string') {
    return value.includes('${') || value.includes('.') ? { at: where, text: value } : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = firstExpression(part, `${where}/${pointerStep(key)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
