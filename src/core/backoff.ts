/*
 * When a retry is due. Formulas (decided once, the DSL leaves them open): retry n of delay d waits
 * constant d, linear d*n, exponential d*2^(n-1), plus jitter uniform in [from, to].
 */
import type { RetryPlan, Scope } from '../dsl/plan/index.ts';
import { type Json, unit } from '../wire/index.ts';
import { DELAY_MAX_MS } from './limits.ts';

/** Delay before retry `n` (from 1), ms. `seed` fixes the jitter: equal for equal retries. */
export function retryDelay(
  policy: RetryPlan,
  n: number,
  input: Json,
  scope: Scope,
  seed: string,
): number {
  const base = policy.delay?.(input, scope) ?? 0;
  const factor = policy.backoff === 'constant' ? 1 : policy.backoff === 'linear' ? n : 2 ** (n - 1);
  // 0 times a factor that has outgrown the numbers would be none
  const delay = base === 0 ? 0 : Math.min(base * factor, DELAY_MAX_MS);
  if (policy.jitter === undefined) return Math.round(delay);
  const from = policy.jitter.from(input, scope);
  const to = policy.jitter.to(input, scope);
  return Math.round(Math.min(delay + from + (to - from) * unit(seed, n), DELAY_MAX_MS));
}
