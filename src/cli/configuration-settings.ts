/*
 * Every setting of the commands that meet a broker or a Store: its name in the file, in the environment
 * and on the command line, what it may be, and what it is when nobody says.
 *
 * Owns: the table and the check of one value. Does not own: which source wins (configuration.ts).
 */
import { didYouMean, listWords } from '../dsl/problem.ts';
import { type Lifecycle, LIFECYCLES } from '../runtime/index.ts';
import type { Json } from '../wire/index.ts';

export interface Configuration {
  /** none = the Store's file is the Log as well */
  readonly brokers?: readonly string[];
  readonly store?: string;
  readonly prefix: string;
  readonly partitions?: number;
  readonly replication?: number;
  readonly 'client-id': string;
  readonly 'tls.enabled'?: boolean;
  readonly 'tls.ca'?: string;
  readonly 'sasl.mechanism'?: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly 'sasl.username'?: string;
  readonly 'sasl.password'?: string;
  readonly workflows?: string;
  readonly functions?: string;
  readonly catalog?: string;
  readonly secrets?: string;
  readonly health?: string;
  readonly log: 'plain' | 'json';
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly drain: number;
  readonly session: number;
  readonly index: 'on' | 'off';
  readonly history: number;
  readonly lifecycle: Lifecycle;
}

export type SettingName = keyof Configuration;

export interface Setting {
  readonly name: SettingName;
  /** shape of its value on the command line; none = it has no flag, because other users see flags */
  readonly flag?: string;
  readonly what: string;
  readonly kind: 'text' | 'list' | 'count' | 'seconds' | 'days' | 'yes or no' | readonly string[];
  readonly otherwise?: Json;
  /** never shown whole */
  readonly secret?: (value: string) => string;
  /** for texts: what is wrong with it */
  readonly fault?: (text: string) => string | undefined;
}

export const SETTINGS: readonly Setting[] = [
  {
    name: 'brokers',
    flag: '<host:port,...>',
    what: 'Kafka or Redpanda brokers; without them the file named by --store is the Log, too',
    kind: 'list',
    fault: addressFault,
  },
  {
    name: 'store',
    flag: '<where>',
    what: 'postgres://USER:PASSWORD@HOST/DATABASE, or an embedded file',
    kind: 'text',
    secret: withoutPassword,
    fault: (text) => (text.trim() === '' ? 'a URL or the path of a file' : undefined),
  },
  {
    name: 'prefix',
    flag: '<name>',
    what: 'first part of the names of topics and tables',
    kind: 'text',
    otherwise: 'waybill',
    fault: (text) =>
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text)
        ? undefined
        : 'letters, digits, ".", "_" and "-", at most 100',
  },
  {
    name: 'partitions',
    flag: '<count>',
    what: 'partitions of the Log when it is created; fixed from then on',
    kind: 'count',
  },
  {
    name: 'replication',
    flag: '<count>',
    what: 'copies of each partition when topics are created',
    kind: 'count',
  },
  {
    name: 'client-id',
    flag: '<name>',
    what: 'how this process calls itself to the brokers',
    kind: 'text',
    otherwise: 'waybill',
  },
  { name: 'tls.enabled', flag: '', what: 'speak TLS with the brokers', kind: 'yes or no' },
  {
    name: 'tls.ca',
    flag: '<file>',
    what: 'certificate of the authority that the brokers are checked against',
    kind: 'text',
  },
  {
    name: 'sasl.mechanism',
    flag: '<name>',
    what: 'how to log in to the brokers',
    kind: ['plain', 'scram-sha-256', 'scram-sha-512'],
  },
  { name: 'sasl.username', flag: '<name>', what: 'who logs in to the brokers', kind: 'text' },
  {
    name: 'sasl.password',
    what: 'password for the brokers',
    kind: 'text',
    secret: () => '***',
  },
  {
    name: 'workflows',
    flag: '<folder>',
    what: 'workflow documents that are deployed before anything runs',
    kind: 'text',
  },
  {
    name: 'functions',
    flag: '<module>',
    what: 'module (.ts or .js) whose exports are the host functions',
    kind: 'text',
  },
  {
    name: 'catalog',
    flag: '<where>',
    what: 'the default catalog of functions (name:version@default): a URL or a directory',
    kind: 'text',
  },
  {
    name: 'secrets',
    flag: '<path>',
    what: 'file or directory with the secrets; what is not there is looked for in the environment (WAYBILL_SECRET_NAME)',
    kind: 'text',
  },
  {
    name: 'health',
    flag: '<host:port>',
    what: 'where /healthz, /readyz and /metrics are answered',
    kind: 'text',
    fault: addressFault,
  },
  {
    name: 'log',
    flag: '<form>',
    what: 'form of the log on stderr',
    kind: ['plain', 'json'],
    otherwise: 'plain',
  },
  {
    name: 'synchronous',
    flag: '<mode>',
    what: 'embedded file: FULL survives power loss, NORMAL a crash of the process',
    kind: ['FULL', 'NORMAL'],
    otherwise: 'FULL',
  },
  {
    name: 'drain',
    flag: '<seconds>',
    what: 'how long running activities may go on after SIGTERM',
    kind: 'seconds',
    otherwise: 5,
  },
  {
    name: 'session',
    flag: '<seconds>',
    what: 'how long a server may be silent before others take over its partitions',
    kind: 'seconds',
    otherwise: 10,
  },
  {
    name: 'index',
    flag: '<mode>',
    what: 'keep an index of runs in the Store, for list and get: on or off',
    kind: ['on', 'off'],
    otherwise: 'on',
  },
  {
    name: 'history',
    flag: '<days>',
    what: 'how long the index keeps runs that have ended',
    kind: 'days',
    otherwise: 7,
  },
  {
    name: 'lifecycle',
    flag: '<level>',
    what: 'lifecycle events to publish: none, workflow, or task (those of runs and of their tasks)',
    kind: LIFECYCLES,
    otherwise: 'none',
  },
];

export const SETTING_BY_NAME: ReadonlyMap<string, Setting> = new Map(
  SETTINGS.map((setting) => [setting.name, setting]),
);

/** A value of a file, which has a type already: what was expected instead, or the value as it is used. */
export function checked(
  setting: Setting,
  value: Json,
): { readonly value: Json } | { readonly expected: string } {
  const { kind, fault } = setting;
  const refuse = (expected: string): { expected: string } => ({ expected });
  if (kind === 'list') {
    const parts = typeof value === 'string' ? value.split(',') : value;
    if (!Array.isArray(parts) || parts.length === 0) return refuse('a list of addresses');
    const texts = parts.map((part) => (typeof part === 'string' ? part.trim() : ''));
    const wrong = texts.map((text) => fault?.(text)).find((said) => said !== undefined);
    return wrong === undefined ? { value: texts } : refuse(wrong);
  }
  if (kind === 'count' || kind === 'seconds' || kind === 'days') {
    const least = kind === 'count' ? 1 : 0;
    const fits = typeof value === 'number' && value >= least && value <= 100_000;
    if (fits && (kind !== 'count' || Number.isInteger(value))) return { value };
    return refuse(kind === 'count' ? 'a whole number from 1' : `a number of ${kind}`);
  }
  if (kind === 'yes or no') return typeof value === 'boolean' ? { value } : refuse('true or false');
  if (typeof value !== 'string') return refuse(kind === 'text' ? 'a text' : listWords(kind));
  if (kind !== 'text') {
    if (kind.includes(value)) return { value };
    const meant = didYouMean(value, kind);
    return refuse(`${listWords(kind)}${meant === undefined ? '' : `; ${meant}`}`);
  }
  const wrong = value === '' ? 'a text that is not empty' : fault?.(value);
  return wrong === undefined ? { value } : refuse(wrong);
}

/** A value of the command line or the environment, where everything is text. */
export function checkedText(setting: Setting, text: string): ReturnType<typeof checked> {
  const { kind } = setting;
  if (kind === 'count' || kind === 'seconds' || kind === 'days') {
    return checked(setting, text.trim() === '' ? null : Number(text));
  }
  if (kind === 'yes or no') {
    return checked(
      setting,
      /^(true|yes|1)$/i.test(text) ? true : /^(false|no|0)$/i.test(text) ? false : text,
    );
  }
  return checked(setting, text);
}

/** As it may be shown. */
export function shown({ secret }: Setting, value: Json): string {
  if (typeof value === 'string') return secret?.(value) ?? value;
  return Array.isArray(value) ? value.join(',') : JSON.stringify(value);
}

/** A URL without its password. What cannot be read as a URL but has an @ may hold one as well. */
export function withoutPassword(text: string): string {
  return text
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^:@/?#]*):.*@/i, '$1:***@')
    .replace(/([?&](?:password|sslpassword)=)[^&#]*/gi, '$1***');
}

function addressFault(text: string): string | undefined {
  const match = /^(?:\[[0-9a-fA-F:]+\]|[^\s:/,@]+):(\d{1,5})$/.exec(text);
  return match !== null && Number(match[1]) <= 65_535 ? undefined : 'HOST:PORT';
}
