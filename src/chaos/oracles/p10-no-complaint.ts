/*
 * P10: nothing that a world of faults does stops a partition or ends a runner for good. Runners say
 * so themselves when an assertion of theirs fails; that they had to is the violation.
 */
import type { Oracle } from './oracle.ts';

export const noComplaint: Oracle = {
  name: 'p10-no-complaint',
  promise: 'P10',
  says: 'no runner stopped a partition, failed an assertion or ended by an error of its own',
  check({ history }, verdict) {
    verdict.checked += history.processes.length + 1;
    for (const { at, process, said } of history.complaints) {
      verdict.violation(`${process} at ${at}: ${said}`);
    }
    for (const { at, process, event, said } of history.processes) {
      if (event !== 'failed') continue;
      verdict.violation(`${process} failed at ${at}${said === undefined ? '' : `: ${said}`}`);
    }
  },
};
