export type { NoticeKind, PostgresNotice } from './notice.ts';
export {
  type PostgresHealth,
  type PostgresOptions,
  type PostgresPorts,
  openPostgres,
} from './postgres.ts';
export { PostgresError, type PostgresErrorCode } from './postgres-error.ts';
