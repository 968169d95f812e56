/*
 * The words after `npm run SCRIPT --`. A script's usage is its header comment: `--help` prints that, and a word
 * that it does not know gets the same and exit code 2, without a stack trace.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs, type ParseArgsConfig } from 'node:util';

type Words<T extends ParseArgsConfig> = ReturnType<typeof parseArgs<T>>;

/** `script`: the import.meta.url of the asking file; `config`: as parseArgs takes it. */
export function scriptWords<T extends ParseArgsConfig>(script: string, config: T): Words<T> {
  const usage = usageOf(readFileSync(fileURLToPath(script), 'utf8'));
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return process.exit(2);
  }
}

/** A word that means nothing: said once, exit code 2. */
export function refuse(said: string): never {
  process.stderr.write(`${said}\n`);
  return process.exit(2);
}

/** A number above 0. */
export function numberOf(option: string, text: string): number {
  const number = /^\d{1,9}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  return number > 0
    ? number
    : refuse(`${option} takes a number above 0, not ${JSON.stringify(text)}`);
}

/** A whole number above 0, and as large as seeds are: below 2^32. */
export function wholeNumberOf(option: string, text: string): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  return number > 0 && number < 2 ** 32
    ? number
    : refuse(`${option} takes a whole number from 1 to 4294967295, not ${JSON.stringify(text)}`);
}

/** Some of what there is, separated by commas; undefined = not asked for: all. */
export function someOf(
  option: string,
  text: string | undefined,
  known: Iterable<string>,
): ReadonlySet<string> {
  const names = new Set(known);
  if (text === undefined) return names;
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !names.has(name));
  if (unknown !== undefined) refuse(`${option} ${unknown}: there are ${[...names].join(', ')}`);
  return new Set(asked);
}

function usageOf(source: string): string {
  const [, comment = ''] = /^\/\*\n([\s\S]*?)\*\//m.exec(source) ?? [];
  return `${comment.replaceAll(/^ \* ?/gm, '').trimEnd()}\n`;
}
