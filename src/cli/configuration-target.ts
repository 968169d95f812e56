/*
 * From settings to what is opened: which of them go together, and one clear error for what cannot be
 * reached, refused, or does not fit.
 */
import { readFileSync } from 'node:fs';
import {
  type BrokerTarget,
  type Ground,
  isPostgres,
  openGround,
  type Target,
} from '../presets/cluster.ts';
import type { SettingName } from './configuration-settings.ts';
import { type Configuration, withoutPassword } from './configuration-settings.ts';
import { UserError } from './user-error.ts';

/** What every command that talks to an engine can be told. */
export const TARGET_SETTINGS: readonly SettingName[] = [
  ...(['brokers', 'store', 'prefix', 'client-id', 'tls.enabled', 'tls.ca'] as const),
  ...(['sasl.mechanism', 'sasl.username'] as const),
];

/** Whatever is asked of brokers or a database must be answered, or refused, within this, ms. */
const OPEN_MS_MAX = 45_000;

export function targetOf(configuration: Configuration, onNotice?: (said: string) => void): Target {
  const { brokers, store, prefix, partitions, synchronous } = configuration;
  if (brokers === undefined && store === undefined) {
    throw new UserError(
      'nothing says where the runs are kept: name --store FILE, or --brokers HOST:PORT and --store postgres://...',
    );
  }
  if (brokers === undefined && store !== undefined && isPostgres(store)) {
    throw new UserError(
      'PostgreSQL is a Store and no Log: name the --brokers as well, or one file for both: --store FILE',
    );
  }
  if (store !== undefined && !isPostgres(store) && /^[a-z][a-z0-9+.-]+:\/\//i.test(store)) {
    const scheme = store.slice(0, store.indexOf(':'));
    throw new UserError(
      `--store ${scheme}://...: there is no such Store; use postgres://... or the path of a file`,
    );
  }
  return {
    prefix,
    synchronous,
    ...(brokers === undefined ? {} : { log: brokerTarget(configuration, brokers) }),
    ...(store === undefined ? {} : { store }),
    ...(partitions === undefined ? {} : { partitions }),
    ...(onNotice === undefined ? {} : { onNotice }),
  };
}

function brokerTarget(configuration: Configuration, brokers: readonly string[]): BrokerTarget {
  const { replication, session } = configuration;
  const ca = configuration['tls.ca'];
  const mechanism = configuration['sasl.mechanism'];
  const username = configuration['sasl.username'];
  const password = configuration['sasl.password'];
  const said = [mechanism, username, password].filter((one) => one !== undefined).length;
  if (said > 0 && (mechanism === undefined || username === undefined || password === undefined)) {
    throw new UserError(
      'logging in to the brokers takes three settings: sasl.mechanism, sasl.username and sasl.password (WAYBILL_SASL_PASSWORD)',
    );
  }
  if (ca !== undefined && configuration['tls.enabled'] === false) {
    throw new UserError('tls.ca is set, but TLS is switched off: leave one of them out');
  }
  const tls = ca === undefined ? configuration['tls.enabled'] : { ca: certificate(ca) };
  return {
    brokers,
    clientId: configuration['client-id'],
    sessionMs: session * 1_000,
    ...(tls === undefined ? {} : { tls }),
    ...(mechanism === undefined || username === undefined || password === undefined
      ? {}
      : { sasl: { mechanism, username, password } }),
    ...(replication === undefined ? {} : { replication }),
  };
}

function certificate(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    throw new UserError(`tls.ca: ${file} cannot be read (${code})`);
  }
  throw new UserError(`tls.ca: ${file} is no certificate in PEM form`);
}

export async function openOrSay(target: Target, role: 'runner' | 'client'): Promise<Ground> {
  return orSay(openGround(target, role));
}

/** What goes wrong on the way to an open engine is the user's to repair: one sentence, no stack. */
export async function orSay<T>(opening: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(
      () => failed(new UserError(`no answer within ${OPEN_MS_MAX / 1_000} s`)),
      OPEN_MS_MAX,
    );
  });
  try {
    return await Promise.race([opening, late]);
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw new UserError(withoutPassword(said));
  } finally {
    clearTimeout(timer);
  }
}
