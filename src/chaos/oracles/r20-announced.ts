/*
 * R20: what an earlier tenure had scheduled begins only after a MARK that lists it; else its takeovers
 * could not be counted by anybody. Part of the oracle r20-takeovers.
 *
 * Judged where nobody slept and no request was held up: then who calls a service after a CLAIM is the one
 * who has claimed. A runner that has read a copy of its own CLAIM goes on with what it had begun.
 */
import type { LedgerEntry } from '../history.ts';
import type { Entry, Partition } from './log-reading.ts';
import { at, type Verdict, type View } from './oracle.ts';

/** A request that nothing delays is at most so long on its way to the service, ms. */
const TRANSIT_MAX_MS = 1_000;

export function checkAnnounced({ effects, history, reading }: View, verdict: Verdict): void {
  if (reading.partitions.every(({ claims }) => claims.length < 2)) return;
  const slept = history.fired.some(
    ({ kind, point }) =>
      kind.startsWith('pause') ||
      kind === 'swizzle' ||
      (point === 'activity' && !kind.startsWith('crash')),
  );
  if (slept) return;
  const transit = (history.transitMax ?? TRANSIT_MAX_MS) + history.skewMax;
  for (const { calls, scheduled } of effects.values()) {
    for (const call of calls) {
      const step = scheduled.findLast(
        ({ activity, entry }) => activity.attempt === call.attempt && entry.landed <= call.at,
      )?.entry;
      if (step !== undefined) checkCall(call, step, reading.partitions, transit, verdict);
    }
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
  const own = claims.find(({ offset }) => offset === step.header.tenure);
  const claim = claims.findLast(
    ({ landed, offset }) => offset > step.offset && landed + transit < call.at,
  );
  if (claim === undefined || own === undefined) return;
  // It may be its own, come twice.
  const nonces = claims
    .filter(({ offset }) => offset >= own.offset)
    .map(({ header }) => header.nonce);
  if (new Set(nonces).size < nonces.length) return;
  const listed = entries.some(
    ({ body, header, landed, offset, valid }) =>
      header.kind === 'MARK' &&
      valid &&
      offset > step.offset &&
      landed <= call.at &&
      header.tenure !== step.header.tenure &&
      body.kind === 'MARK' &&
      body.running.includes(step.identity),
  );
  verdict.expect(
    listed,
    () =>
      `${call.name} of run ${call.run} was called at ${call.at} by ${call.runner} for ${step.named}, which an earlier tenure had written and no MARK had listed (${claim.named})`,
    at(step),
  );
}
