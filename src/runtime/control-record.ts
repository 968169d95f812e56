/*
 * CONTROL, as a client writes it (PROTOCOL.md R15, R18): what is asked of a run, under an id that its
 * outcome can be found by. It goes to the home partition of the run.
 */
import { type ControlVerb, FORMAT_INBOX, type Json, type LogRecord } from '../wire/index.ts';
import { draft, numbered } from './unit.ts';

export interface ControlOptions {
  readonly run: string;
  /** names the request: its ANSWER has it */
  readonly id: string;
  readonly verb: ControlVerb;
  readonly arguments?: Json;
  /** only if the run still stands at this hop of its root */
  readonly hop?: number;
  /** ms since the epoch, by the client's clock */
  readonly time: number;
}

export function controlRecord(options: ControlOptions): LogRecord {
  const { run, id, verb, arguments: args, hop, time } = options;
  const body = {
    kind: 'CONTROL',
    id,
    verb,
    ...(args === undefined ? {} : { arguments: args }),
    ...(hop === undefined ? {} : { hop }),
  } as const;
  return numbered(
    draft('CONTROL', body, { run }),
    { tenure: 0, nonce: 0, n: 0, unit: 0, unitSize: 1, targets: [], time },
    FORMAT_INBOX,
  );
}
