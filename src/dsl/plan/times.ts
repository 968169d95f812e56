/* Retry policies, timeouts and durations. */
import { pointerStep } from '../../wire/json.ts';
import type { Duration, RetryPolicy, Timeout } from '../document.ts';
import { durationMs } from '../duration.ts';
import { expressionOf } from '../expression.ts';
import type { PlanCompiler } from './compile.ts';
import type { Place as Position } from './expression.ts';
import { type DurationValue, EvaluationFault, type RetryPlan } from './plan.ts';

/** `before`: what can be seen when an attempt begins; there is no error yet. */
export function retryPlan(
  it: PlanCompiler,
  retry: RetryPolicy | string,
  at: string,
  names: readonly string[],
  before: readonly string[],
): RetryPlan {
  const pointer = typeof retry === 'string' ? `/use/retries/${pointerStep(retry)}` : at;
  const policy = typeof retry === 'string' ? it.document.use!.retries![retry]! : retry;
  const duration = (value: Duration | undefined, where: string, visible = names) =>
    value === undefined
      ? undefined
      : durationOf(it, value, `${pointer}/${where}`, 'taskDefinition', visible);
  const condition = (value: string | undefined, where: string) =>
    value === undefined
      ? undefined
      : it.expressions.condition(value, `${pointer}/${where}`, 'taskDefinition', names);
  const jitterFrom = duration(policy.jitter?.from, 'jitter/from');
  const jitterTo = duration(policy.jitter?.to, 'jitter/to');
  const backoff = policy.backoff ?? { constant: {} };
  return {
    when: condition(policy.when, 'when'),
    exceptWhen: condition(policy.exceptWhen, 'exceptWhen'),
    delay: duration(policy.delay, 'delay'),
    backoff: 'exponential' in backoff ? 'exponential' : 'linear' in backoff ? 'linear' : 'constant',
    jitter: jitterFrom && jitterTo ? { from: jitterFrom, to: jitterTo } : undefined,
    count: policy.limit?.attempt?.count,
    attemptDuration: duration(policy.limit?.attempt?.duration, 'limit/attempt/duration', before),
    limitDuration: duration(policy.limit?.duration, 'limit/duration'),
  };
}

export function timeoutOf(
  it: PlanCompiler,
  timeout: Timeout | string,
  at: string,
  place: Position,
  names: readonly string[],
): DurationValue {
  return typeof timeout === 'string'
    ? durationOf(
        it,
        it.document.use!.timeouts![timeout]!.after,
        `/use/timeouts/${pointerStep(timeout)}/after`,
        place,
        names,
      )
    : durationOf(it, timeout.after, `${at}/after`, place, names);
}

export function durationOf(
  it: PlanCompiler,
  duration: Duration,
  pointer: string,
  place: Position,
  names: readonly string[],
): DurationValue {
  if (typeof duration !== 'string' || expressionOf(duration, 'free') === undefined) {
    const literal = durationMs(duration);
    return () => literal;
  }
  const evaluate = it.expressions.value(duration, pointer, place, names);
  return (input, scope) => {
    const value = evaluate(input, scope);
    try {
      return durationMs(value as Duration);
    } catch {
      throw new EvaluationFault(
        'expression',
        `${JSON.stringify(value)} is not a duration; expected ISO 8601 such as PT30S`,
        pointer,
      );
    }
  };
}
