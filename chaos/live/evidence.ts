/*
 * Evidence: all that the checker may look at. It lies in one folder, which can be kept, sent and
 * checked again: the records of the topic, the tables of the Store, the ledgers of services and client,
 * what was done to the processes, and what the servers complained of.
 *
 * Owns: the shape of each file, reading and writing the folder. Nothing here asks the engine.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogPosition, RunRow, StoredRecord } from '../../src/ports/index.ts';
import type { Json, WorkflowError } from '../../src/wire/index.ts';
import { readLines } from './durable-lines.ts';

/** A service has been asked for something. */
export interface AskedLine {
  readonly what: 'asked';
  /** number of the call, within its process */
  readonly id: number;
  /** ms since the epoch */
  readonly at: number;
  readonly name: string;
  /** effect key */
  readonly key: string;
  readonly attempt: number;
  readonly run: string;
  readonly strand: string;
  readonly request: Json;
  /** SHA-256 of the request */
  readonly digest: string;
  /** process that asks */
  readonly pid: number;
}

/** It has done it, or refused. */
export interface DoneLine {
  readonly what: 'done';
  readonly id: number;
  readonly at: number;
  /** this call has applied the effect */
  readonly applied: boolean;
  readonly answer: { readonly result: Json } | { readonly error: WorkflowError };
  /** the caller was still there */
  readonly heard: boolean;
}

/** What the client was told of one start. */
export interface StartLine {
  readonly at: number;
  readonly run: string;
  readonly partition: number;
  readonly version: string;
  readonly input: Json;
  readonly outcome: 'acknowledged' | 'unknown' | 'refused';
  readonly why?: string;
}

/** What the client was told of one request to cancel a run. */
export interface CancelLine {
  readonly at: number;
  readonly run: string;
  /** done: it is under way */
  readonly outcome: 'done' | 'refused' | 'unknown';
  readonly why?: string;
}

/** A fault as it happened. */
export interface StruckLine {
  /** index in the plan */
  readonly fault: number;
  readonly kind: string;
  /** what it struck: `runner 1`, `broker`, `line of runner 2 to the store` */
  readonly target: string;
  /** ms since the epoch: begun, and over */
  readonly at: number;
  readonly until: number;
  /** process that was killed or stopped */
  readonly pid?: number;
  /** why it could not be done, if it could not */
  readonly failed?: string;
}

/** A process of the campaign that began, or ended. */
export interface ProcessLine {
  readonly at: number;
  readonly process: string;
  readonly pid: number;
  readonly event: 'started' | 'ended';
  /** exit code or signal */
  readonly how?: string;
  /** it was to end: killed by a fault, or told to drain */
  readonly wanted?: boolean;
}

export interface ComplaintLine {
  readonly at: number;
  readonly process: string;
  readonly said: string;
}

export interface Campaign {
  readonly seed: string;
  readonly forMs: number;
  readonly runners: number;
  readonly instances: number;
  readonly partitions: number;
  readonly sessionMs: number;
  /** name of the scenario */
  readonly scenario: string;
  /** ms since the epoch: faults began, faults were over, the engine was told to end */
  readonly begunAt: number;
  readonly healedAt: number;
  readonly endedAt: number;
  /** a START for every acknowledgement had its END before the engine was told to end */
  readonly rested: boolean;
  /** largest difference of clocks, ms: processes of one machine, timers of whole ms */
  readonly skewMsMax: number;
}

export interface StoreTables {
  readonly fold: readonly { readonly partition: number; readonly applied: number }[];
  readonly parked: readonly ParkedLine[];
  readonly result: readonly { readonly run: string }[];
  /** the index of runs, and up to where it has read each partition */
  readonly run: readonly RunRow[];
  readonly indexed: readonly (LogPosition & { readonly partition: number })[];
}

export interface ParkedLine {
  readonly partition: number;
  readonly identity: number;
  readonly run: string;
  readonly strand: string;
  readonly hop: number;
  readonly definition: string;
  readonly why: string;
  readonly due: number | null;
  readonly reason: string | null;
}

export interface Evidence {
  readonly campaign: Campaign;
  /** by partition, in offset order */
  readonly topic: readonly (readonly StoredRecord[])[];
  readonly store: StoreTables;
  /** by process */
  readonly services: readonly (readonly (AskedLine | DoneLine)[])[];
  readonly starts: readonly StartLine[];
  readonly cancels: readonly CancelLine[];
  readonly struck: readonly StruckLine[];
  readonly processes: readonly ProcessLine[];
  readonly complaints: readonly ComplaintLine[];
  /** what the reader of the topic saw that no log may do: records that changed or went away */
  readonly rewritten: readonly string[];
}

const FILES = {
  campaign: 'campaign.json',
  topic: 'topic.jsonl',
  store: 'store.json',
  starts: 'starts.jsonl',
  cancels: 'cancels.jsonl',
  struck: 'faults.jsonl',
  processes: 'processes.jsonl',
  complaints: 'complaints.jsonl',
  rewritten: 'rewritten.json',
} as const;

export function ledgerFile(folder: string, service: number): string {
  return join(folder, `service-${service}.jsonl`);
}

export function startsFile(folder: string): string {
  return join(folder, FILES.starts);
}

export function cancelsFile(folder: string): string {
  return join(folder, FILES.cancels);
}

/** Writes what is not there already: services and client have written their own files. */
export function writeEvidence(
  folder: string,
  parts: Omit<Evidence, 'services' | 'starts' | 'cancels'>,
): void {
  const { topic, struck, processes, complaints } = parts;
  for (const name of ['campaign', 'store', 'rewritten'] as const) {
    writeFileSync(join(folder, FILES[name]), `${JSON.stringify(parts[name], undefined, 2)}\n`);
  }
  for (const [name, lines] of Object.entries({ struck, processes, complaints })) {
    writeLines(join(folder, FILES[name as 'struck']), lines);
  }
  const records = topic.flatMap((log, partition) =>
    log.map(({ offset, time, bytes }) => [
      ...[partition, offset, time, Buffer.from(bytes).toString('base64')],
    ]),
  );
  writeLines(join(folder, FILES.topic), records);
}

function writeLines(file: string, lines: readonly unknown[]): void {
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Throws a plain sentence when the folder holds no evidence. */
export function readEvidence(folder: string): Evidence {
  const path = (name: keyof typeof FILES): string => join(folder, FILES[name]);
  if (!existsSync(path('campaign'))) throw new Error(`${folder} holds no evidence of a campaign`);
  const json = (name: keyof typeof FILES): unknown => JSON.parse(readFileSync(path(name), 'utf8'));
  const campaign = json('campaign') as Campaign;
  const topic: StoredRecord[][] = Array.from({ length: campaign.partitions }, () => []);
  for (const [partition, offset, time, base64] of readLines<[number, number, number, string]>(
    path('topic'),
  )) {
    topic[partition]!.push({ offset, time, bytes: Buffer.from(base64, 'base64') });
  }
  const ledgers = readdirSync(folder)
    .filter((name) => /^service-\d+\.jsonl$/.test(name))
    .sort();
  return {
    campaign,
    topic,
    store: json('store') as StoreTables,
    services: ledgers.map((name) => readLines(join(folder, name))),
    starts: readLines(path('starts')),
    cancels: readLines(path('cancels')),
    struck: readLines(path('struck')),
    processes: readLines(path('processes')),
    complaints: readLines(path('complaints')),
    rewritten: json('rewritten') as string[],
  };
}
