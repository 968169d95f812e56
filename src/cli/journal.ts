/*
 * `waybill get ID --journal`: every transition that the Store has kept of a run whose workflow wants a
 * journal (metadata.durability), oldest first, for people or as JSON lines.
 */
import type { JournalRow } from '../ports/index.ts';
import type { Cause, RecordBody } from '../wire/index.ts';
import { recordToJson } from '../wire/index.ts';

/** One line for each transition. */
export function describeJournal(rows: readonly JournalRow[]): string {
  const strands = rows.some(({ strand }) => strand !== '');
  const lines = rows.map((row) => {
    const { at, record, strand } = row;
    const who = strands ? `${(strand === '' ? 'root' : strand).padEnd(8)} ` : '';
    return `  ${new Date(at).toISOString()}  ${who}${told(record.body)}\n`;
  });
  return lines.join('');
}

/** One line of JSON for each transition: what stands in the row, its record in readable form. */
export function journalAsJson(rows: readonly JournalRow[]): string {
  const lines = rows.map(({ record, at, ...row }) =>
    JSON.stringify({ ...row, at: new Date(at).toISOString(), record: '' }).replace(
      /""}$/,
      () => `${recordToJson(record)}}`,
    ),
  );
  return lines.map((line) => `${line}\n`).join('');
}

function told(body: RecordBody): string {
  switch (body.kind) {
    case 'STEP': {
      const after = heard(body.cause);
      if (body.activity !== undefined) {
        const { attempt, name, pointer } = body.activity;
        const held = body.notBefore === undefined ? '' : `, from ${iso(body.notBefore)} on`;
        return `${after}; calls ${name} (${pointer}, attempt ${attempt}${held})`;
      }
      const until = body.notBefore === undefined ? '' : `; waits until ${iso(body.notBefore)}`;
      return `${after}; at ${body.state.position}${until}`;
    }
    case 'PARK': {
      const until = body.due === undefined ? '' : ` until ${iso(body.due)}`;
      const why = body.reason === undefined ? '' : `: ${body.reason}`;
      return `${heard(body.cause)}; parked (${body.why}) at ${body.state.position}${until}${why}`;
    }
    case 'CANCELLING':
      return 'is being cancelled: its activity may be running';
    case 'END': {
      const { cancelled, error } = body.end;
      const how = cancelled
        ? 'cancelled'
        : error === undefined
          ? 'completed'
          : `faulted: ${error.detail ?? error.title}`;
      return `${heard(body.cause)}; ${how}`;
    }
    default:
      return body.kind;
  }
}

function heard(cause: Cause): string {
  switch (cause.kind) {
    case 'start':
      return 'started';
    case 'activity':
      return cause.error === undefined
        ? `attempt ${cause.attempt} answered`
        : `attempt ${cause.attempt} failed with ${cause.error.status} ${cause.error.title}`;
    case 'timer':
      return 'its time came';
    case 'joined':
      return 'its branches have ended';
    case 'branch':
      return `began as branch ${cause.branch}`;
    case 'events':
      return 'heard what it listened for';
    case 'control':
      return `was asked to ${cause.verb}`;
    case 'continue':
      return 'went on';
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
