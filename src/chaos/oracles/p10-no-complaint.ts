/*
 * P10: nothing that a world of faults does stops a partition or ends a runner for good. Runners say
 * so themselves when an assertion of theirs fails; that they had to is the violation.
 */
import type { History } from '../history.ts';
import { isAskedFor } from './declared-loss.ts';
import { wasGivenUp } from './given-up.ts';
import type { Oracle } from './oracle.ts';
import { LATENESS_MAX_MS } from './p4-timers.ts';

export const noComplaint: Oracle = {
  name: 'p10-no-complaint',
  promise: 'P10',
  says: 'no runner stopped a partition, failed an assertion or ended by an error of its own',
  check({ history, reading }, verdict) {
    verdict.checked += history.processes.length + 1;
    const givenUp =
      history.complaints.length === 0
        ? []
        : [...reading.runs.values()].filter((run) => wasGivenUp(run, reading));
    for (const { at, process, said } of history.complaints) {
      // That a strand was given up after K takeovers is to be told, and is right.
      if (givenUp.some(({ run }) => said.includes(run))) continue;
      // So is that events wait, while somebody keeps them from being sent or matched.
      if (LAGS.test(said) && at <= history.healedAt + LATENESS_MAX_MS && eventsAreStruck(history)) {
        continue;
      }
      // And that no record can hold what a run must remember, where a service gave it that much.
      if (wasGivenTooMuch(said, history)) continue;
      if (isAskedFor(said, history)) continue;
      verdict.violation(`${process} at ${at}: ${said}`);
    }
    for (const { at, process, event, said } of history.processes) {
      if (event !== 'failed') continue;
      verdict.violation(`${process} failed at ${at}${said === undefined ? '' : `: ${said}`}`);
    }
  },
};

const TOO_LARGE =
  /^([0-9a-f-]{36}\S*) .*is parked as dead: its State takes \d+ bytes and a record may have (\d+)/;

/** One answer may stand in a State so often: as input, as output and as data of tasks, and to undo them with. */
const TIMES_KEPT = 8;

function wasGivenTooMuch(said: string, { ledger }: History): boolean {
  const [, run, limit] = TOO_LARGE.exec(said) ?? [];
  return ledger.some(
    (call) =>
      call.run === run &&
      TIMES_KEPT * Buffer.byteLength(JSON.stringify(call.answer ?? null)) > Number(limit),
  );
}

const LAGS = /events .*wait to be (?:published|matched)/;
const EVENT_CALLS = /^(?:events-.*|keep|match|matches|listen-read)$/;

/** What takes nothing, or answers nothing, keeps events waiting as well: they are rows of the Store. */
const OUTAGES = new Set(['store-down', 'disk-full', 'store-failover']);

function eventsAreStruck({ fired }: History): boolean {
  return fired.some(({ kind, point }) => EVENT_CALLS.test(point) || OUTAGES.has(kind));
}
