/*
 * What a picture says about a task in a few words: details, badges, labels of edges.
 */
import {
  CALL_PROTOCOLS,
  isTask,
  type CatchModel,
  type Duration,
  type RetryPolicy,
  type Task,
} from './document.ts';
import { parseDuration } from './duration.ts';
import { expressionOf } from './expression.ts';
import { listWords } from './problem.ts';

const DETAIL_CHARS = 40;

/** Cuts a text to `most` characters, on one line. */
export function clip(text: string, most = DETAIL_CHARS): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}\u2026`;
}

/** An expression without its wrapping, cut. */
export function expressionWords(text: string, most = DETAIL_CHARS): string {
  return clip(expressionOf(text, 'expression') ?? text, most);
}

/** `1 h 30 min`; the text itself when an expression decides. */
export function durationWords(duration: Duration): string {
  let ms: number;
  try {
    ({ ms } = parseDuration(duration));
  } catch {
    return typeof duration === 'string' ? expressionWords(duration, 28) : 'a while';
  }
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(ms / size);
    ms -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 3).join(' ') || '0 s';
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

export function retryWords(retry: RetryPolicy | string): string {
  if (typeof retry === 'string') return `retry: ${clip(retry, 24)}`;
  const parts: string[] = [];
  const count = retry.limit?.attempt?.count;
  parts.push(count === undefined ? 'retry' : `retry \u00d7${count}`);
  if (retry.delay !== undefined) parts.push(durationWords(retry.delay));
  const backoff = Object.keys(retry.backoff ?? {})[0];
  if (backoff !== undefined && backoff !== 'constant') parts.push(backoff);
  return parts.join(' \u00b7 ');
}

export function errorFilterWords({ errors, when }: CatchModel): string {
  const filter = errors?.with ?? {};
  const parts: string[] = [];
  if (filter.type !== undefined) parts.push(lastSegment(filter.type));
  if (filter.status !== undefined) parts.push(String(filter.status));
  if (when !== undefined) parts.push(`when ${expressionWords(when, 24)}`);
  if (parts.length === 0) parts.push(...Object.keys(filter));
  return parts.length === 0 ? 'any error' : clip(parts.join(' \u00b7 '), 44);
}

/** `if`, the deadline, the task that undoes it. */
export function badgesOf(task: Task): string[] {
  const badges: string[] = [];
  if (task.if !== undefined) badges.push(`if ${expressionWords(task.if, 36)}`);
  const { timeout, metadata = {} } = task;
  if (typeof timeout === 'string') badges.push(`timeout ${clip(timeout, 24)}`);
  else if (timeout !== undefined) badges.push(`timeout ${durationWords(timeout.after)}`);
  if (metadata.saga === true) badges.push('saga');
  if (metadata.compensate !== undefined) badges.push('has compensation');
  if (metadata.parallel !== undefined) badges.push(`up to ${metadata.parallel.max} at once`);
  return badges;
}

/** What a task does, in at most two lines. */
export function detailsOf(task: Task): string[] {
  if (isTask(task, 'call')) return callDetails(task.call, task.with ?? {});
  if (isTask(task, 'set')) {
    return typeof task.set === 'string'
      ? [expressionWords(task.set)]
      : [clip(Object.keys(task.set).join(', '))];
  }
  if (isTask(task, 'wait')) return [durationWords(task.wait)];
  if (isTask(task, 'for')) {
    const { each = 'item', in: items } = task.for;
    const source = typeof items === 'string' ? expressionWords(items, 30) : `${items.length} items`;
    const lines = [`each ${each} in ${source}`];
    if (task.while !== undefined) lines.push(`while ${expressionWords(task.while, 34)}`);
    return lines;
  }
  if (isTask(task, 'fork')) return [task.fork.compete === true ? 'the first wins' : 'all branches'];
  if (isTask(task, 'switch')) return [];
  if (isTask(task, 'raise')) {
    const { error } = task.raise;
    if (typeof error === 'string') return [clip(error)];
    return [clip(`${lastSegment(error.type)} \u00b7 ${error.status}`)];
  }
  if (isTask(task, 'emit')) return [clip(task.emit.event.with.type)];
  if (isTask(task, 'listen')) return listenDetails(task.listen.to);
  if (isTask(task, 'run')) return runDetails(task.run);
  return [];
}

function callDetails(call: string, given: object): string[] {
  const { method, endpoint, operationId, operation, channel, service } = given as Record<
    string,
    unknown
  >;
  if (!(CALL_PROTOCOLS as readonly string[]).includes(call)) return [clip(`call ${call}`)];
  if (call === 'http') {
    const uri = (endpoint as { uri?: string } | undefined)?.uri ?? endpoint;
    return [clip(`${String(method).toUpperCase()} ${String(uri).replace(/^https?:\/\//, '')}`)];
  }
  const name = (service as { name?: string } | undefined)?.name;
  const what = operationId ?? operation ?? channel ?? method;
  return [clip(`${call} ${[name, what].filter((part) => typeof part === 'string').join('/')}`)];
}

function listenDetails({
  all,
  any,
  one,
}: {
  all?: unknown;
  any?: unknown;
  one?: unknown;
}): string[] {
  const types = (filters: unknown): string[] =>
    [filters].flat().map((each) => {
      const { type = 'any event' } = (each as { with?: { type?: string } }).with ?? {};
      return type.split('.').slice(-3).join('.');
    });
  if (one !== undefined) return [clip(types(one).join())];
  if (all !== undefined) return ['all of', clip(listWords(types(all), 'and'))];
  return any === undefined || (any as unknown[]).length === 0
    ? ['any event']
    : ['any of', clip(listWords(types(any)))];
}

function runDetails(run: object): string[] {
  const { container, script, shell, workflow } = run as Record<string, Record<string, string>>;
  if (container !== undefined) return [clip(`container ${container.image}`)];
  if (script !== undefined) return [clip(`${script.language} script`)];
  if (shell !== undefined) return [clip(`$ ${shell.command}`)];
  return workflow === undefined ? [] : [clip(`workflow ${workflow.namespace}/${workflow.name}`)];
}

function lastSegment(type: string): string {
  return clip(type.split('/').findLast(Boolean) ?? type, 30);
}
