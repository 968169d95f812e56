/*
 * Secrets of this machine: from the environment, from a file, from a directory.
 *
 * S1. Read anew at every call, so a secret that is changed is in force at once.
 * S2. An object, a list or a quoted text is read as JSON, everything else is a text as it stands; the
 *     line feed at the end of a file is not part of it.
 * S3. Errors say where something is wrong and never what stands there.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secrets } from '../../ports/index.ts';
import { type Json, parseJson } from '../../wire/index.ts';

export type Environment = { readonly [name: string]: string | undefined };

const VARIABLE = 'WAYBILL_SECRET_';
/** Bytes of one file that may hold secrets; a larger one is something else. */
const FILE_BYTES_MAX = 1_000_000;

/** WAYBILL_SECRET_NAME; a name that is no word of the environment is found in capitals, with _ for the rest. */
export function environmentSecrets(environment: Environment): Secrets {
  return {
    async get(name) {
      const word = name.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase();
      const variable = [VARIABLE + name, VARIABLE + word].find((one) =>
        Object.hasOwn(environment, one),
      );
      const text = variable === undefined ? undefined : environment[variable];
      return text === undefined ? undefined : valueOf(text);
    },
  };
}

/**
 * A file is a mapping from names to values (JSON, or YAML by its ending). A directory has a file for
 * each secret, or a directory of files for one that is an object.
 */
export function storedSecrets(path: string): Secrets {
  return {
    async get(name) {
      const what = await kindOf(path);
      if (what === 'nothing') throw new Error(`${path}: there is no such file or directory`);
      if (what === 'directory') return inDirectory(path, name);
      const all = await mappingOf(path);
      return Object.hasOwn(all, name) ? all[name] : undefined;
    },
  };
}

/** The first that has it. */
export function firstOf(...sources: readonly Secrets[]): Secrets {
  return {
    async get(name) {
      for (const source of sources) {
        const value = await source.get(name);
        if (value !== undefined) return value;
      }
      return undefined;
    },
  };
}

/** Whether secrets can be read there at all, before anything runs: what is wrong, in words. */
export async function secretsFault(path: string): Promise<string | undefined> {
  const what = await kindOf(path);
  if (what === 'nothing') return `${path}: there is no such file or directory`;
  if (what === 'directory') return undefined;
  try {
    await mappingOf(path);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function kindOf(path: string): Promise<'file' | 'directory' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'nothing';
    throw unreadable(path, error);
  }
}

async function inDirectory(path: string, name: string): Promise<Json | undefined> {
  // a name is a name of a file, and never a way to another place
  if (/[/\\\0]/.test(name) || name.startsWith('.') || name === '') return undefined;
  const at = join(path, name);
  const what = await kindOf(at);
  if (what === 'nothing') return undefined;
  if (what === 'file') return valueOf(await textOf(at));
  const members: [string, Json][] = [];
  for (const member of (await readdir(at)).toSorted()) {
    // mounted volumes keep their versions in hidden entries
    if (member.startsWith('.') || (await kindOf(join(at, member))) !== 'file') continue;
    members.push([member, valueOf(await textOf(join(at, member)))]);
  }
  return Object.fromEntries(members);
}

async function mappingOf(path: string): Promise<{ readonly [name: string]: Json }> {
  const text = await textOf(path);
  let value: unknown;
  try {
    if (/\.ya?ml$/i.test(path)) value = (await import('yaml')).parse(text);
    else value = parseJson(text);
  } catch {
    throw new Error(`${path}: it is not ${/\.ya?ml$/i.test(path) ? 'YAML' : 'JSON'}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${path}: it is not a mapping from names of secrets to values`);
  }
  return value as { readonly [name: string]: Json };
}

async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > FILE_BYTES_MAX) {
      throw new Error(`${path}: it has ${size} bytes, more than ${FILE_BYTES_MAX}`);
    }
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** S2 */
function valueOf(text: string): Json {
  if (!/^\s*[[{"]/.test(text)) return text;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function unreadable(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined
    ? new Error(message)
    : new Error(`${path}: it cannot be read (${code})`);
}
