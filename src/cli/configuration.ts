/*
 * What is in force, and where each value comes from: a flag, the environment (WAYBILL_*), the file
 * waybill.yaml, or the default, in this order.
 *
 * Every mistake is one clear error with its place, all of them at once, before anything is opened.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { didYouMean, type Finding, nearest, placeProblem } from '../dsl/problem.ts';
import { readSource, type Source } from '../dsl/source.ts';
import type { Json } from '../wire/index.ts';
import {
  checked,
  checkedText,
  type Configuration,
  type Setting,
  SETTING_BY_NAME,
  type SettingName,
  SETTINGS,
  shown,
} from './configuration-settings.ts';
import { UserError } from './user-error.ts';
import { renderProblem } from './validate.ts';

export const CONFIGURATION_FILE = 'waybill.yaml';
const VARIABLE = 'WAYBILL_';

export interface InForce {
  readonly setting: Setting;
  readonly value: Json;
  /** `--store`, `WAYBILL_STORE`, `waybill.yaml:3:8`, `default` */
  readonly from: string;
}

/** What commander has parsed: by camel-case name. */
export type Flags = { readonly [option: string]: unknown };

type Environment = { readonly [name: string]: string | undefined };

/** Adds the flags of these settings, and --config. */
export function withSettings(command: Command, names: readonly SettingName[]): Command {
  for (const setting of SETTINGS) {
    const { name, flag, what, otherwise } = setting;
    if (flag === undefined || !names.includes(name)) continue;
    const said = otherwise === undefined ? what : `${what} (default: ${shown(setting, otherwise)})`;
    command.option(`${flagOf(name)} ${flag}`.trim(), said);
  }
  return command.option('--config <file>', `settings in a file (default: ${CONFIGURATION_FILE})`);
}

/** Everything that is set, in the order of the table. Throws a UserError that names every mistake. */
export function settingsInForce(flags: Flags, environment: Environment): readonly InForce[] {
  const mistakes: string[] = [];
  const file = readFile(flags, environment, mistakes);
  const found: InForce[] = [];
  for (const setting of SETTINGS) {
    const one = fromText(setting, flags, environment, mistakes) ?? file.get(setting.name);
    if (one !== undefined) found.push(one);
    else if (setting.otherwise !== undefined) {
      found.push({ setting, value: setting.otherwise, from: 'default' });
    }
  }
  if (mistakes.length > 0) throw new UserError(mistakes.join('\n'));
  return found;
}

export function configurationOf(found: readonly InForce[]): Configuration {
  return Object.fromEntries(
    found.map(({ setting, value }) => [setting.name, value]),
  ) as unknown as Configuration;
}

export function readConfiguration(flags: Flags, environment: Environment): Configuration {
  return configurationOf(settingsInForce(flags, environment));
}

/** WAYBILL_ words of the environment that mean nothing here but look as if they should. */
export function strayVariables(environment: Environment): string[] {
  // without the prefix, which would make everything look alike
  const known = SETTINGS.map(({ name }) => variableOf(name).slice(VARIABLE.length));
  return Object.keys(environment)
    .filter((name) => name.startsWith(VARIABLE) && !name.startsWith(`${VARIABLE}SECRET_`))
    .flatMap((name) => {
      const word = name.slice(VARIABLE.length);
      const meant = known.includes(word) ? undefined : nearest(word, known);
      return meant === undefined
        ? []
        : [`${name} is not a setting; did you mean ${VARIABLE}${meant}?`];
    });
}

export function flagOf(name: SettingName): string {
  return name === 'tls.enabled' ? '--tls' : `--${name.replaceAll('.', '-')}`;
}

export function variableOf(name: SettingName): string {
  const word = name === 'tls.enabled' ? 'tls' : name;
  return `${VARIABLE}${word.replaceAll(/[.-]/g, '_').toUpperCase()}`;
}

function optionOf(name: SettingName): string {
  return flagOf(name)
    .slice(2)
    .replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function fromText(
  setting: Setting,
  flags: Flags,
  environment: Environment,
  mistakes: string[],
): InForce | undefined {
  const { name, flag } = setting;
  const given = flag === undefined ? undefined : flags[optionOf(name)];
  const variable = environment[variableOf(name)];
  const [text, from] =
    given === undefined
      ? [variable === '' ? undefined : variable, variableOf(name)]
      : [typeof given === 'string' ? given : 'true', flagOf(name)];
  if (text === undefined) return undefined;
  const answer = checkedText(setting, text);
  if ('value' in answer) return { setting, value: answer.value, from };
  mistakes.push(`${from} ${JSON.stringify(shown(setting, text))}: expected ${answer.expected}`);
  return undefined;
}

// -- the file --------------------------------------------------------------------------------------

function readFile(
  flags: Flags,
  environment: Environment,
  mistakes: string[],
): ReadonlyMap<string, InForce> {
  const named = flags['config'] ?? environment['WAYBILL_CONFIG'];
  const file = typeof named === 'string' && named !== '' ? named : CONFIGURATION_FILE;
  if (file === CONFIGURATION_FILE && named === undefined && !existsSync(file)) return new Map();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    mistakes.push(
      `${file}: ${code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`}`,
    );
    return new Map();
  }
  if (withoutComments(text).trim() === '') return new Map();
  const source = readSource(text, file);
  const found = new Map<string, InForce>();
  const say = (finding: Finding, secret = false): void => {
    const problem = placeProblem(finding, source.locate, file);
    // A line with a secret in it is named and not shown.
    const hidden = (line: string, at: number): string => (at === problem.line - 1 ? '' : line);
    const lines = secret ? text.split('\n').map(hidden).join('\n') : text;
    mistakes.push(renderProblem(problem, lines));
  };
  for (const finding of source.findings) {
    if (finding.place === undefined) say(finding);
    else {
      const { code, message, pointer, expected, hint, place } = finding;
      const problem = {
        code,
        message,
        pointer,
        expected,
        ...place,
        ...(hint === undefined ? {} : { hint }),
      };
      mistakes.push(renderProblem(problem, text));
    }
  }
  if (source.findings.length === 0) walk(source.value ?? null, '', '', source, file, found, say);
  return found;
}

function walk(
  value: Json,
  prefix: string,
  pointer: string,
  source: Source,
  file: string,
  found: Map<string, InForce>,
  say: (finding: Finding, secret?: boolean) => void,
): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const expected = 'settings, one per line, as `name: value`';
    return say({
      code: 'not-settings',
      message: 'this is not a table of settings',
      pointer,
      expected,
    });
  }
  for (const [key, part] of Object.entries(value)) {
    const at = `${pointer}/${key}`;
    const name = `${prefix}${key}`;
    const short = name === 'tls' && typeof part === 'boolean' ? 'tls.enabled' : name;
    const setting = SETTING_BY_NAME.get(short);
    if (setting === undefined && isGroup(name)) {
      walk(part, `${name}.`, at, source, file, found, say);
      continue;
    }
    if (setting === undefined) {
      const names = namesBelow(prefix);
      const hint = didYouMean(key, names);
      const message = `there is no setting ${JSON.stringify(name)}`;
      const expected = `one of ${names.join(', ')}`;
      say({
        code: 'unknown-setting',
        message,
        pointer: at,
        expected,
        at: 'key',
        ...(hint === undefined ? {} : { hint }),
      });
      continue;
    }
    const answer = checked(setting, part);
    if ('expected' in answer) {
      const message = `this is no value for ${JSON.stringify(name)}`;
      const finding = { code: 'bad-setting', message, pointer: at, expected: answer.expected };
      say(finding, setting.secret !== undefined);
      continue;
    }
    const place = source.locate(at);
    const from = place === undefined ? file : `${file}:${place.line}:${place.column}`;
    found.set(short, { setting, value: answer.value, from });
  }
}

function isGroup(name: string): boolean {
  return SETTINGS.some((setting) => setting.name.startsWith(`${name}.`));
}

function namesBelow(prefix: string): string[] {
  const names = SETTINGS.map(({ name }) => name as string).filter((name) =>
    name.startsWith(prefix),
  );
  return [...new Set(names.map((name) => name.slice(prefix.length).split('.')[0]!))];
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*#.*$/gm, '');
}
