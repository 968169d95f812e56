/* What a person should hear of a Store that goes on working. Said once each, not per try. */

export type NoticeKind =
  /** the server does not answer; calls are rejected until it is back */
  | 'away'
  | 'back'
  /** another server answers than the one before: it may lack commits */
  | 'failover'
  /** a partition stands further back than this process has seen it */
  | 'lost-commits'
  /** settings of the server with which a crash of its machine loses commits */
  | 'unsafe'
  /** a parked row whose record nobody can read, after an edit by hand */
  | 'unreadable'
  /** calls fail although the server is there: no space, no right, a timeout */
  | 'trouble'
  | 'migrated';

export interface PostgresNotice {
  readonly kind: NoticeKind;
  readonly message: string;
}

export type Notify = (notice: PostgresNotice) => void;
