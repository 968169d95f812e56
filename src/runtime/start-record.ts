/*
 * START, as a client writes it (PROTOCOL.md R17). The run id is the client's: it retries with the same
 * one, and a second copy is void.
 */
import {
  type Caller,
  type DefinitionRef,
  FORMAT_INBOX,
  type Json,
  type LogRecord,
} from '../wire/index.ts';
import { draft, numbered } from './unit.ts';

export interface StartOptions {
  /** UUIDv7 of the client's clock */
  readonly run: string;
  readonly definition: DefinitionRef;
  /** pins the Definition; without it the newest of that name when the run begins */
  readonly hash?: string;
  readonly input?: Json;
  /** ms since the epoch, by the client's clock */
  readonly time: number;
  readonly caller?: Caller;
}

export function startRecord(options: StartOptions): LogRecord {
  const { run, definition, hash = '', input, time, caller } = options;
  const body = {
    kind: 'START',
    definition,
    ...(input === undefined ? {} : { input }),
    ...(caller === undefined ? {} : { caller }),
  } as const;
  return numbered(
    draft('START', body, { run, definition: hash }),
    { tenure: 0, nonce: 0, n: 0, unit: 0, unitSize: 1, targets: [], time },
    FORMAT_INBOX,
  );
}
