/*
 * A move: where it leads, when it happens by itself, and what a story says of it.
 *
 * A rank above 0 is what happens by itself when nothing goes wrong, lowest first; 0 is a fault, or
 * something that nobody waits for. Progress is judged by ranked moves alone.
 */
import type { Batch, Rec } from './log.ts';
import type { Start, View } from './reader.ts';
import type { Parts, Runner, World } from './world.ts';

/** One line of a story. */
export interface Step {
  readonly did: Deed;
  readonly says: string;
  /** place of the runner in the world; absent = the Log, the Store or a client */
  readonly who?: number;
  readonly batch?: Batch;
}

export type Deed =
  | 'lands'
  | 'lands-and-stays'
  | 'claims'
  | 'usurps'
  | 'crashes'
  | 'reads'
  | 'loses'
  | 'loads'
  | 'sends'
  | 'folds'
  | 'folds-late'
  | 'commits-late'
  | 'crashes-in-fold'
  | 'marks'
  | 'trims'
  | 'backs-up'
  | 'fails-over'
  | 'passes-time'
  | 'correlates'
  | 'correlator-crashes'
  | 'calls'
  | 'is-called'
  | 'answers'
  | 'expires'
  | 'undoes';

export type Emit = (to: World, rank: number, tell: () => Step) => void;

export const RANK = {
  land: 1,
  commit: 2,
  read: 3,
  load: 4,
  store: 5,
  work: 6,
  claim: 7,
  deadline: 8,
} as const;

export function withRunner(world: World, who: number, runner: Runner): World {
  const runners = [...world.runners];
  runners[who] = runner;
  return { ...world, runners };
}

/** What a runner knows of the Log. */
export function viewOf(parts: Parts, { node, start }: Runner): View {
  return parts.readers.view(start, parts.logs.node(node));
}

export function startText({ n, offset, tenure }: Start): string {
  if (offset === 0) return 'the beginning';
  return `the mark at ${offset}, where number ${n} of tenure ${tenure} was in force`;
}

export function batchText(batch: Batch): string {
  return batch.map(recordText).join(' + ');
}

function recordText({
  at,
  carries,
  ends,
  kind,
  n,
  nonce,
  rows,
  run,
  targets,
  tenure,
}: Rec): string {
  if (kind === 'CLAIM') return `CLAIM #${nonce}`;
  if (kind === 'TIME') return 'time';
  const words = [`${kind}${at === '' ? '' : ` ${at}`} of run ${run}`];
  if (carries >= 0) words.push(`(${carries} again, with ends ${ends})`);
  if (rows.length > 0) words.push(`of row ${rows.join(' ')}`);
  if (targets.length > 0) words.push(`for ${targets.join(' ')}`);
  if (tenure >= 0) words.push(`[${tenure}.${n}]`);
  return words.join(' ');
}
