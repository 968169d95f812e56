/*
 * The options of `waybill record`: what is recorded, since when, how much of it, and what is left out.
 *
 * Invariant: whatever is wrong with one is a UserError of one line that shows what would be right.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Selection } from '../trace/record-log.ts';
import { RedactError, Redactor } from '../trace/redact.ts';
import { UserError } from './user-error.ts';

export interface RecordFlags {
  readonly output?: string;
  readonly force?: boolean;
  readonly since?: string;
  readonly for?: string;
  readonly follow?: boolean;
  readonly workflow?: string;
  readonly instance?: string;
  readonly sample?: string;
  readonly redact?: readonly string[];
  readonly runs?: string;
  readonly seed?: string;
  readonly profile?: string;
  readonly token?: string;
  readonly [setting: string]: unknown;
}

/** Where the key of the digests is looked for. */
const KEY_VARIABLE = 'WAYBILL_REDACT_KEY';
const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export function selectionOf({ instance, sample, workflow }: RecordFlags): Selection {
  return {
    ...(instance === undefined ? {} : { instance }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(sample === undefined ? {} : { sample: shareOf(sample) }),
  };
}

/** What was asked for, in words, for the header of the file. */
export function selectionWords({ instance, sample, since, workflow }: RecordFlags): string[] {
  return Object.entries({ instance, sample, since, workflow }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${value}`],
  );
}

function shareOf(text: string): number {
  const [, number, percent] = /^(\d{1,3}(?:\.\d{1,6})?)(%)?$/.exec(text.trim()) ?? [];
  const share = Number(number) / (percent === undefined ? 1 : 100);
  if (share > 0 && share <= 1) return share;
  throw new UserError(`--sample takes a share such as 1% or 0.01, not ${JSON.stringify(text)}`);
}

export function timeOf(option: string, text: string): number {
  const [, number, unit] = /^(\d{1,6}(?:\.\d{1,3})?)(s|m|h|d)$/.exec(text.trim()) ?? [];
  const ms = Number(number) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (ms > 0) return ms;
  throw new UserError(
    `${option} takes a time such as 30s, 15m, 1h or 2d, not ${JSON.stringify(text)}`,
  );
}

/** Who takes out what --redact names; the name of its key says whether two files can be compared. */
export function redactorOf(
  pointers: readonly string[],
  environment: NodeJS.ProcessEnv,
): { readonly redactor?: Redactor; readonly keyName: string } {
  if (pointers.length === 0) return { keyName: '' };
  const given = environment[KEY_VARIABLE];
  if (given !== undefined && given.length < 16) {
    throw new UserError(`${KEY_VARIABLE}: a key has at least 16 characters, or it can be guessed`);
  }
  // Without a key of one's own values can be compared within this file, and nowhere else.
  const key = given === undefined ? randomBytes(32) : Buffer.from(given, 'utf8');
  const keyName = createHash('sha256')
    .update('waybill trace key')
    .update(key)
    .digest('hex')
    .slice(0, 8);
  const digest = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  try {
    return { redactor: new Redactor(pointers, digest), keyName };
  } catch (error) {
    if (error instanceof RedactError) throw new UserError(`--redact: ${error.message}`);
    throw error;
  }
}

/** `--redact /a,/b /c` */
export function pointersOf({ redact = [] }: RecordFlags): readonly string[] {
  return [...new Set(redact.flatMap((text) => text.split(',')).map((text) => text.trim()))].filter(
    (text) => text !== '',
  );
}
