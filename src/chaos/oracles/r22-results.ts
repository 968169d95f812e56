/*
 * R22: whoever asked for a result to be kept finds it: a row that says what the END says, and no row of
 * whoever did not ask.
 */
import { sameJson } from '../same-json.ts';
import { at, type Oracle } from './oracle.ts';

export const results: Oracle = {
  name: 'r22-results',
  promise: 'R22',
  says: 'a result is kept for who asked for it, as the END has it, and for nobody else',
  check({ history, reading }, verdict) {
    const rows = new Map(history.store.results.map((row) => [row.run, row]));
    for (const { ends, run, start } of reading.runs.values()) {
      const [end] = ends;
      const body = end?.body;
      if (end === undefined || body?.kind !== 'END') continue;
      const row = rows.get(run);
      // Whoever started it has asked, whatever the END says of that.
      const asker = start?.body.kind === 'START' ? start.body.caller : undefined;
      const asked = asker?.keep === true || body.caller?.keep === true;
      const applied = end.offset < (history.store.applied[end.partition] ?? 0);
      verdict.expect(
        asked || row === undefined,
        () => `the Store keeps a result of run ${run}, which nobody asked for`,
        at(end),
      );
      // A row has its time; within the span of a simulated run none is over.
      verdict.expect(
        row !== undefined || !asked || !applied || !history.quiescent,
        () =>
          `${end.named} is applied, and the result of run ${run} was to be kept and is not there`,
        at(end),
      );
      if (row === undefined) continue;
      const { cancelled, error, output = null } = body.end;
      const ended = cancelled ? 'cancelled' : error === undefined ? 'completed' : 'faulted';
      verdict.expect(
        row.ended === ended &&
          (cancelled || sameJson(row.value, error === undefined ? output : { ...error })),
        () => `the Store keeps another result of run ${run} than ${end.named} has`,
        at(end),
      );
    }
  },
};
