/* try: attempt after attempt, as the policy allows, then catch.do. */
import type { RetryPolicy, TryTask } from '../../../dsl/document.ts';
import type { Json } from '../../../wire/json.ts';
import { duration, isTrue, type Scope } from '../evaluate.ts';
import { Fault, fault, type Origin, takes } from '../fault.ts';
import { type Active, type Done, earliest, goOn, type Here, Struck } from '../here.ts';
import { sagaScope } from '../saga.ts';
import type { Interpreter } from '../interpret.ts';

export function attempts(
  it: Interpreter,
  here: Here,
  active: Active,
  task: TryTask,
  input: Json,
): Done {
  const { pointer } = active;
  const { strand } = here;
  const caught = task.catch;
  const { retries } = it.document.use ?? {};
  const policy = typeof caught.retry === 'string' ? retries?.[caught.retry] : caught.retry;
  const limit = policy?.limit?.attempt?.duration;
  const firstAt = strand.now;
  const repeated: { failed: Origin | undefined } = { failed: undefined };
  for (let failures = 1; ; failures++) {
    const seen = it.scope(here, active, { input });
    const end = limit && { at: strand.now + duration(limit, input, seen) };
    const block: Here = {
      ...here,
      deadlines: [...here.deadlines, ...(end ? [end] : [])],
      retrying: [...here.retrying, repeated],
    };
    let error: Fault;
    try {
      const output = sagaScope(it, block, task.metadata?.saga, (inside) =>
        it.list(inside, task.try, `${pointer}/try`, input),
      );
      return { output, then: undefined };
    } catch (thrown) {
      if (thrown instanceof Struck && thrown.deadline === end) {
        error = fault('timeout', 'the attempt has taken too long', pointer, thrown.origin);
      } else if (thrown instanceof Fault) error = thrown;
      else throw thrown;
    }
    const variables = { ...here.variables, [caught.as ?? 'error']: { ...error.error } };
    const after = { ...here, variables };
    try {
      const judging = it.scope(after, active, { input });
      if (!takes(caught.errors?.with ?? {}, error.error)) throw error;
      if (caught.when !== undefined && !isTrue(caught.when, input, judging)) throw error;
      if (caught.exceptWhen !== undefined && isTrue(caught.exceptWhen, input, judging)) {
        throw error;
      }
      const due = policy && retryTime(here, policy, failures, firstAt, input, judging);
      if (due !== undefined) {
        repeated.failed = error.origin;
        const { now } = strand;
        goOn(here, strand.line.retry(due.from, due.to, now, earliest(here)));
        continue;
      }
    } catch (thrown) {
      // The catch itself is at fault; what was under way is still the call that failed.
      throw thrown instanceof Fault ? new Fault(thrown.error, error.origin) : thrown;
    }
    const output =
      caught.do === undefined ? input : it.list(after, caught.do, `${pointer}/catch/do`, input);
    return { output, then: caught.then };
  }
}

function retryTime(
  here: Here,
  policy: RetryPolicy,
  failures: number,
  firstAt: number,
  input: Json,
  scope: Scope,
): { from: number; to: number } | undefined {
  const { backoff = { constant: {} }, delay, exceptWhen, jitter, limit, when } = policy;
  if (failures > (limit?.attempt?.count ?? Infinity)) return undefined;
  if (when !== undefined && !isTrue(when, input, scope)) return undefined;
  if (exceptWhen !== undefined && isTrue(exceptWhen, input, scope)) return undefined;
  const base = delay === undefined ? 0 : duration(delay, input, scope);
  const times = 'linear' in backoff ? failures : 'exponential' in backoff ? 2 ** (failures - 1) : 1;
  const from = jitter === undefined ? 0 : duration(jitter.from, input, scope);
  const to = jitter === undefined ? 0 : duration(jitter.to, input, scope);
  const due = scope.now + base * times;
  const { duration: whole } = limit ?? {};
  const last = whole === undefined ? Infinity : firstAt + duration(whole, input, scope);
  const { line } = here.strand;
  return line.inTime(due + from, due + to, last) ? { from: due + from, to: due + to } : undefined;
}
