/*
 * P10: nothing that a world of faults does stops a partition or ends a runner for good. Runners say
 * so themselves when an assertion of theirs fails; that they had to is the violation.
 */
import { isGivenUp } from './given-up.ts';
import type { Oracle } from './oracle.ts';

export const noComplaint: Oracle = {
  name: 'p10-no-complaint',
  promise: 'P10',
  says: 'no runner stopped a partition, failed an assertion or ended by an error of its own',
  check({ history, reading }, verdict) {
    verdict.checked += history.processes.length + 1;
    const givenUp =
      history.complaints.length === 0
        ? []
        : [...reading.runs.values()].filter((run) => isGivenUp(run, reading));
    for (const { at, process, said } of history.complaints) {
      // That a strand was given up after K takeovers is to be told, and is right.
      if (givenUp.some(({ run }) => said.includes(run))) continue;
      verdict.violation(`${process} at ${at}: ${said}`);
    }
    for (const { at, process, event, said } of history.processes) {
      if (event !== 'failed') continue;
      verdict.violation(`${process} failed at ${at}${said === undefined ? '' : `: ${said}`}`);
    }
  },
};
