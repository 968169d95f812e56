/* `--secrets PATH`, checked before anything runs. */
import { resolve } from 'node:path';
import { secretsFault } from '../adapters/system/index.ts';
import type { Secrets } from '../ports/index.ts';
import { systemSecrets } from '../presets/secrets.ts';
import { UserError } from './user-error.ts';

/** Those of the file or directory, then those of the environment. Throws a UserError. */
export async function secretsAt(path: string | undefined): Promise<Secrets> {
  if (path === undefined) return systemSecrets();
  const at = resolve(path);
  const fault = await secretsFault(at);
  if (fault !== undefined) throw new UserError(`--secrets ${fault}`);
  return systemSecrets(at);
}
