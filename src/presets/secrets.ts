/*
 * Where this process has its secrets from: a file or directory if one is named, then the environment.
 */
import { environmentSecrets, firstOf, storedSecrets } from '../adapters/system/index.ts';
import type { Secrets } from '../ports/index.ts';

/** `path`: a file or a directory; without it the environment alone (WAYBILL_SECRET_NAME). */
export function systemSecrets(path?: string): Secrets {
  const environment = environmentSecrets(process.env);
  return path === undefined ? environment : firstOf(storedSecrets(path), environment);
}
