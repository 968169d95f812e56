/*
 * StoreFileError: everything that can be wrong with a Waybill file, as one class with a code for
 * programs, and a path and a remedy for people. Messages of SQLite are kept as `cause`.
 *
 * Owns: the codes and the translation from SQLite's. Does not own: what a failed append means to the
 * runtime (broker.ts turns these into AppendRefused where the outcome is certain).
 */

export type StoreFileCode =
  | 'missing'
  | 'exists'
  | 'directory'
  | 'not-a-database'
  | 'not-waybill'
  | 'newer-schema'
  | 'other-partitions'
  | 'corrupt'
  | 'read-only'
  | 'no-access'
  | 'no-space'
  | 'busy'
  | 'io'
  | 'client'
  | 'mismatch'
  | 'closed';

const REMEDY: { readonly [code in StoreFileCode]: string } = {
  missing: 'check the path; a directory that is named in it must exist',
  exists: 'name another one, or remove it first',
  directory: 'name a file in it, e.g. waybill.db',
  'not-a-database': 'name another file; this one is not ours and was left as it is',
  'not-waybill':
    'name another file; this database belongs to another program and was left as it is',
  'newer-schema': 'use the version of waybill that wrote it, or a newer one',
  'other-partitions': 'open it without a number of partitions, or begin a new file',
  corrupt: 'restore it from a backup (waybill backup); keep this copy for diagnosis',
  'read-only': 'give this user the right to write the file and its directory',
  'no-access': 'check that this user may read and write the file and its directory',
  'no-space': 'free space on the disk (or raise the limit of the file); nothing was half written',
  busy: 'find the process that holds the file locked (a runner of another version? a backup tool?)',
  io: 'check the disk and the system log, then open the file again',
  client: 'ask the runner that owns the file instead',
  mismatch: 'stop this partition; the Store does not match the Log',
  closed: 'open it again',
};

/** `code` for programs, `path` and `remedy` for people; the message has all three in one sentence. */
export class StoreFileError extends Error {
  override readonly name = 'StoreFileError';
  readonly code: StoreFileCode;
  readonly path: string;
  readonly remedy: string;

  constructor(code: StoreFileCode, path: string, what: string, cause?: unknown) {
    super(`${path}: ${what}: ${REMEDY[code]}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.path = path;
    this.remedy = REMEDY[code];
  }
}

/** Result codes of SQLite by their first part: SQLITE_IOERR_FSYNC is SQLITE_IOERR. */
const BY_RESULT: readonly (readonly [prefix: string, code: StoreFileCode, what: string])[] = [
  ['SQLITE_FULL', 'no-space', 'there is no space left'],
  ['SQLITE_IOERR_NOSPC', 'no-space', 'there is no space left'],
  ['SQLITE_NOTADB', 'not-a-database', 'this is not a SQLite database'],
  ['SQLITE_CORRUPT', 'corrupt', 'the file is corrupt'],
  ['SQLITE_READONLY', 'read-only', 'the file cannot be written'],
  ['SQLITE_CANTOPEN', 'no-access', 'the file cannot be opened'],
  ['SQLITE_PERM', 'no-access', 'access is denied'],
  ['SQLITE_AUTH', 'no-access', 'access is denied'],
  ['SQLITE_BUSY', 'busy', 'another process holds the file locked'],
  ['SQLITE_LOCKED', 'busy', 'another connection holds the file locked'],
  ['SQLITE_IOERR', 'io', 'reading or writing failed'],
];

/** What went wrong, in our words. Errors that are not SQLite's (ours, programming errors) stay as they are. */
export function asStoreFileError(error: unknown, path: string): unknown {
  const result = resultCode(error);
  if (result === undefined) return error;
  const known = BY_RESULT.find(([prefix]) => result.startsWith(prefix));
  if (known === undefined) return error;
  return new StoreFileError(known[1], path, `${known[2]} (${result})`, error);
}

export function isBusy(error: unknown): boolean {
  const result = resultCode(error);
  return result !== undefined && /^SQLITE_(BUSY|LOCKED)/.test(result);
}

/** SqliteError is recognised by its shape: the class itself comes with the lazily imported library. */
function resultCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_')
    ? error.code
    : undefined;
}
