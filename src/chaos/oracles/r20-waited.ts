/*
 * R20 and metadata.limit: what waited for its place while a MARK was written begins only after a MARK that lists
 * it. Who counts takeovers takes what an earlier MARK does not list for something that never began. Part of the
 * oracle r20-takeovers.
 *
 * Judged within one tenure, where nobody slept and no request was held up.
 */
import type { LedgerEntry } from '../history.ts';
import { limitsOf } from './limits-kept.ts';
import type { Entry, Partition } from './log-reading.ts';
import { at, type Verdict, type View } from './oracle.ts';

/** A request that nothing delays is at most so long on its way to the service, ms. */
const TRANSIT_MAX_MS = 1_000;

export function checkWaited(view: View, verdict: Verdict): void {
  const { effects, history, reading } = view;
  const held = history.fired.some(
    ({ kind, point }) =>
      kind.startsWith('pause') || kind === 'swizzle' || kind === 'slow' || point === 'activity',
  );
  if (held) return;
  const transit = (history.transitMax ?? TRANSIT_MAX_MS) + history.skewMax;
  for (const effect of effects.values()) {
    const { calls, scheduled } = effect;
    const [call] = calls;
    if (call === undefined || limitsOf(effect, view).length === 0) continue;
    // Of a run that was put aside and went on, the newest one asks for it.
    const { entry: step, notBefore } =
      scheduled.findLast(
        ({ activity, entry }) => activity.attempt === call.attempt && entry.landed <= call.at,
      ) ?? {};
    if (step !== undefined && notBefore === undefined)
      checkCall(call, step, reading.partitions, transit, verdict);
  }
}

function checkCall(
  call: LedgerEntry,
  step: Entry,
  partitions: readonly Partition[],
  transit: number,
  verdict: Verdict,
): void {
  const { claims, entries } = partitions[step.partition]!;
  if (claims.some(({ landed, offset }) => offset > step.offset && landed <= call.at)) return;
  let passed: Entry | undefined;
  for (const mark of entries) {
    if (mark.landed > call.at) break;
    if (mark.header.kind !== 'MARK' || !mark.valid || mark.offset < step.offset) continue;
    if (mark.body.kind !== 'MARK') continue;
    if (mark.body.running.includes(step.identity)) return;
    if (mark.landed + transit < call.at) passed = mark;
  }
  verdict.expect(
    passed === undefined,
    () =>
      `${call.name} of run ${call.run} was called at ${call.at} by ${call.runner} for ${step.named}, which was there before ${passed?.named}, and no MARK has listed it`,
    at(step),
  );
}
