/*
 * PostgresError: everything that can be wrong with a PostgreSQL Store, as one class with a code for
 * programs, and a place and a remedy for people. What pg or the server said is kept as `cause`.
 *
 * Owns: the codes and the translation from SQLSTATE and socket errors.
 *
 * E1. No password is in any message: the place is user, host, port and database.
 * E2. What the runtime sees of a failed fold is "unknown" whatever the code is; codes are for people.
 */

export type PostgresErrorCode =
  | 'options'
  | 'no-library'
  | 'no-server'
  | 'away'
  | 'tls'
  | 'no-login'
  | 'no-database'
  | 'old-server'
  | 'standby'
  | 'encoding'
  | 'privileges'
  | 'not-waybill'
  | 'old-schema'
  | 'newer-schema'
  | 'no-connections'
  | 'no-space'
  | 'slow'
  | 'busy'
  | 'mismatch'
  | 'unreadable'
  | 'refused'
  | 'closed';

const REMEDY: { readonly [code in PostgresErrorCode]: string } = {
  options: 'correct this option',
  'no-library': 'install it: npm install pg',
  'no-server': 'check host and port, and that the server runs and listens there',
  away: 'nothing is lost: it is tried again until the server is back',
  tls: 'set sslmode in the url as the server wants it, and check its certificate',
  'no-login': 'check user and password, and pg_hba.conf of the server',
  'no-database': 'create it (CREATE DATABASE), or name another one in the url',
  'old-server': 'upgrade the server',
  standby: 'name the primary in the url',
  encoding: "use a database with ENCODING 'UTF8'",
  privileges: 'grant what src/adapters/postgres/README.md lists for the runtime role',
  'not-waybill': 'name another schema; this one belongs to another program and was left as it is',
  'old-schema': 'migrate it once with the url of the owner role, then start again',
  'newer-schema': 'use the version of waybill that migrated it, or a newer one',
  'no-connections': 'raise max_connections of the server, or lower the size of the pool',
  'no-space': 'free space on the disk of the server; nothing was half written',
  slow: 'look for what keeps the server busy, or raise the statement timeout',
  busy: 'look in pg_stat_activity for an open transaction that holds the rows locked',
  mismatch: 'stop this partition; the Store does not match the Log',
  unreadable: 'repair the record by hand (UPDATE parked ...), then it goes on by itself',
  refused: 'see the log of the server',
  closed: 'open it again',
};

/** `code` for programs, the rest for people; the message has it in one sentence. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
  readonly code: PostgresErrorCode;
  readonly where: string;
  readonly what: string;
  readonly remedy: string;

  constructor(code: PostgresErrorCode, where: string, what: string, cause?: unknown) {
    super(`${where}: ${what}: ${REMEDY[code]}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.where = where;
    this.what = what;
    this.remedy = REMEDY[code];
  }
}

type Known = readonly [start: string, code: PostgresErrorCode, what: string];

/** By the start of the SQLSTATE; the first that fits. */
const BY_STATE: readonly Known[] = [
  ['28P01', 'no-login', 'the password is wrong, or there is no such user'],
  ['28', 'no-login', 'the server does not let this user in from here'],
  ['3D000', 'no-database', 'there is no such database'],
  ['42501', 'privileges', 'this role may not do that'],
  ['57P01', 'away', 'the server is shutting down'],
  ['57P02', 'away', 'the server is restarting after a crash'],
  ['57P03', 'away', 'the server is starting'],
  ['57P05', 'away', 'the server closed an idle session'],
  ['57014', 'slow', 'a statement took longer than it may'],
  ['55P03', 'busy', 'a lock was not free within its timeout'],
  ['40001', 'busy', 'other transactions came first each time'],
  ['40P01', 'busy', 'transactions locked one another out each time'],
  ['53300', 'no-connections', 'the server has no connection left'],
  ['53100', 'no-space', 'the disk of the server is full'],
  ['25006', 'standby', 'this server takes no writes'],
  ['25P03', 'away', 'the server closed a transaction that stood still'],
  ['23505', 'mismatch', 'a row that is to be added is there already'],
  ['WB001', 'mismatch', 'rows that are to be removed are not there'],
  ['08', 'away', 'the connection was lost'],
];

/** What pg says of itself where there is no SQLSTATE and no code of the system. */
const BY_MESSAGE: readonly (readonly [RegExp, PostgresErrorCode, string])[] = [
  [/SSL|certificate|TLS/i, 'tls', 'the connection cannot be encrypted as asked'],
  [/password|SASL|SCRAM/i, 'no-login', 'the server asks for a password in a way that fails'],
  [/Connection terminated|connection timeout/i, 'away', 'the connection was lost'],
  [/Query read timeout/, 'away', 'the server did not answer'],
  [/not queryable|Connection ended/i, 'away', 'the connection was lost'],
];

/** Codes of sockets, name lookup and TLS. */
const SYSTEM = /^E(?:CONN|PIPE|HOST|NET|TIMEDOUT|AI_|NOTFOUND|ACCES|PERM|ADDR)/;
const TLS = /^(?:ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|EPROTO)/;

/** What went wrong, in our words. Ours and programming errors stay as they are. */
export function asPostgresError(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || error instanceof PostgresError) return error;
  const known = recognise(error);
  if (known === undefined) return error;
  const [code, what] = known;
  return new PostgresError(code, where, what, error);
}

/** The connection is of no use any more, and nobody knows what became of the statement. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof PostgresError) return error.code === 'away' || error.code === 'no-server';
  return error instanceof Error && recognise(error)?.[0] === 'away';
}

/** The server rolled it back because of others: doing it again is safe, and likely to succeed. */
export function isConflict(error: unknown): boolean {
  return ['40001', '40P01'].includes(stateOf(error) ?? '');
}

/** SQLSTATE, or the code of a system error. */
export function stateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function recognise(error: Error): readonly [PostgresErrorCode, string] | undefined {
  const code = stateOf(error);
  if (code === undefined) {
    // several addresses were tried, none answered
    if (error instanceof AggregateError && error.errors[0] instanceof Error) {
      return recognise(error.errors[0]);
    }
    const said = BY_MESSAGE.find(([pattern]) => pattern.test(error.message));
    return said === undefined ? undefined : [said[1], said[2]];
  }
  if (TLS.test(code)) return ['tls', `the connection cannot be encrypted as asked (${code})`];
  if (SYSTEM.test(code)) return ['away', `the server cannot be reached (${code})`];
  const known = BY_STATE.find(([start]) => code.startsWith(start));
  if (known !== undefined) return [known[1], `${known[2]} (${code}: ${error.message})`];
  return /^[0-9A-Z]{5}$/.test(code) ? ['refused', `${error.message} (${code})`] : undefined;
}
