/*
 * The words after `npm run SCRIPT --`. A script's usage is its header comment: `--help` prints that, and a word
 * that it does not know gets the same and exit code 2, without a stack trace.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs, type ParseArgsConfig } from 'node:util';

const HELP = { help: { type: 'boolean', short: 'h', default: false } } as const;

/** `script`: the import.meta.url of the asking file; `config`: as parseArgs takes it. */
export function scriptWords<T extends ParseArgsConfig>(
  script: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  const usage = usageOf(readFileSync(fileURLToPath(script), 'utf8'));
  try {
    const words = parseArgs({ ...config, options: { ...config.options, ...HELP } });
    if (words.values.help !== true) return words as unknown as ReturnType<typeof parseArgs<T>>;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
  process.stdout.write(usage);
  return process.exit(0);
}

function usageOf(source: string): string {
  const [, comment = ''] = /^\/\*\n([\s\S]*?)\*\//m.exec(source) ?? [];
  return comment.replaceAll(/^ \* ?/gm, '').trimEnd() + '\n';
}
