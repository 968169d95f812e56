/*
 * What became of a request (PROTOCOL.md R15, R18): a client appends its CONTROL and reads the partition
 * until a valid unit names it. An ANSWER says it in words; any other unit means that it was done, unless
 * the run has ended in it by itself: what ends a run names all that is open of it, and so this request.
 *
 * Found by the request's own id: whether an append that was not answered has landed is read, not guessed.
 */
import type { Broker, Clock, LogReader, StoredRecord } from '../ports/index.ts';
import { AppendRefused, OffsetOutOfRange } from '../ports/index.ts';
import {
  decodeHeader,
  decodeRecord,
  encodeRecord,
  homeOf,
  type RecordHeader,
  WireError,
} from '../wire/index.ts';
import { type ControlOptions, controlRecord } from './control-record.ts';
import { findStartPoint } from './recovery.ts';
import { Validity } from './validity.ts';

export interface ControlOutcome {
  readonly outcome: 'done' | 'refused';
  readonly reason?: string;
}

export interface ControlPorts {
  readonly broker: Broker;
  readonly clock: Clock;
}

const AGAIN_MS = 500;

/** Sends the request until it is durable; `landed` once it is, `told` once it is carried out or refused. */
export function ask(
  { broker, clock }: ControlPorts,
  options: ControlOptions,
  events: {
    landed?(): void;
    told(outcome: ControlOutcome): void;
    failed(error: unknown): void;
  },
): () => void {
  const partition = homeOf(options.run, broker.partitions);
  const bytes = encodeRecord(controlRecord(options));
  let reader: LogReader | undefined;
  let over = false;
  let durable = false;
  let asked: number | undefined;
  /** first record of the unit that names the request */
  let naming: StoredRecord | undefined;
  const close = (): void => {
    over = true;
    reader?.close();
  };
  const failed = (error: unknown): void => {
    if (over) return;
    close();
    events.failed(error);
  };
  const again = (act: () => void): void => {
    clock.at(clock.now() + AGAIN_MS, () => {
      if (!over) act();
    });
  };
  const landed = (): void => {
    if (durable) return;
    durable = true;
    events.landed?.();
  };
  const send = (): void => {
    broker.append(partition, [bytes]).then(landed, (error: unknown) => {
      if (over || durable) return;
      if (error instanceof AppendRefused && !error.retriable) failed(error);
      else again(send);
    });
  };
  const read = (validity: Validity, record: StoredRecord): ControlOutcome | undefined => {
    const header = headerOf(record);
    if (header === undefined || !validity.admit(header, record.offset)) return undefined;
    if (header.kind === 'CONTROL') {
      if (asked === undefined && idOf(record) === options.id) {
        asked = record.offset;
        landed();
      }
      return undefined;
    }
    if (asked === undefined) return undefined;
    if (header.targets.includes(asked)) naming = record;
    if (naming === undefined) return undefined;
    if (header.kind === 'END' && header.strand === '') return outcomeOf(record);
    return header.n === header.unit + header.unitSize - 1 ? outcomeOf(naming) : undefined;
  };
  findStartPoint(
    broker,
    partition,
    ({ from }) => {
      if (over) return;
      const validity = new Validity(from);
      reader = broker.reader(partition, from.offset);
      const turn = (): void => {
        if (over) return;
        reader!.next().then(
          (records) => {
            if (over) return;
            for (const record of records) {
              const outcome = read(validity, record);
              if (outcome === undefined) continue;
              close();
              return events.told(outcome);
            }
            turn();
          },
          (error: unknown) => {
            if (error instanceof OffsetOutOfRange) failed(error);
            else again(turn);
          },
        );
      };
      turn();
      send();
    },
    failed,
  );
  return close;
}

function headerOf({ bytes }: StoredRecord): RecordHeader | undefined {
  try {
    return decodeHeader(bytes);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function idOf({ bytes }: StoredRecord): string | undefined {
  try {
    const { body } = decodeRecord(bytes);
    return body.kind === 'CONTROL' ? body.id : undefined;
  } catch {
    return undefined;
  }
}

function outcomeOf({ bytes }: StoredRecord): ControlOutcome {
  const { body } = decodeRecord(bytes);
  if (body.kind === 'END' && body.end.cancelled !== true) {
    return { outcome: 'refused', reason: 'the run has ended by itself meanwhile' };
  }
  if (body.kind !== 'ANSWER') return { outcome: 'done' };
  return { outcome: body.outcome, ...(body.reason === undefined ? {} : { reason: body.reason }) };
}
