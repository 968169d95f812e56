/*
 * run: script and run: shell, compiled: what an activity of kind `script` or `shell` is asked for.
 *
 * Its arguments are { language?, code | command, stdin?, arguments?, environment?, return, await }. The text
 * of a program is an expression only when the whole of it is one `${ }`, in loose mode too: most
 * programs mean something in jq as well. A source that stands elsewhere was pinned, and is code by now.
 */
import type { Json } from '../../wire/json.ts';
import type { RunConfiguration } from '../document.ts';
import { expressionOf } from '../expression.ts';
import { didYouMean, type Finding, listWords } from '../problem.ts';
import type { Library } from './library.ts';
import type { CallNode, Value } from './plan.ts';
import type { RequestCompiler } from './request.ts';

export interface ProcessContext {
  /** of the task: people and scenarios know the process by it */
  readonly name: string;
  readonly library: Library;
  /** the document that the task stands in */
  readonly base: string;
  readonly findings: Finding[];
}

/** What a script may be written in, by the names that documents use. */
const LANGUAGES: ReadonlyMap<string, string> = new Map([
  ['js', 'js'],
  ['javascript', 'js'],
  ['python', 'python'],
]);

export function compileProcess(
  request: RequestCompiler,
  run: RunConfiguration,
  pointer: string,
  context: ProcessContext,
): Pick<CallNode, 'activity' | 'service' | 'arguments' | 'goesOn'> {
  const { script, shell, await: waits = true, return: gives = 'stdout' } = run;
  const kind = script === undefined ? 'shell' : 'script';
  const at = `${pointer}/${kind}`;
  const parts: (readonly [string, Value])[] = [
    ['return', () => gives],
    ['await', () => waits],
  ];
  const program = (text: string, key: string): void => {
    const isExpression = expressionOf(text, 'free') !== undefined;
    parts.push([key, isExpression ? request.free(text, `${at}/${key}`, `/${key}`) : () => text]);
  };
  if (shell !== undefined) program(shell.command, 'command');
  if (script !== undefined) {
    const language = languageOf(script.language, `${at}/language`, context.findings);
    parts.push(['language', () => language]);
    if (script.source === undefined) program(script.code ?? '', 'code');
    else {
      const { library, base } = context;
      const text = library.text(script.source.endpoint, base, `${at}/source/endpoint`) ?? '';
      parts.push(['code', () => text]);
    }
  }
  for (const key of ['stdin', 'arguments', 'environment'] as const) {
    const value = (script ?? shell)?.[key];
    if (value !== undefined) parts.push([key, request.free(value, `${at}/${key}`, `/${key}`)]);
  }
  return {
    activity: kind,
    service: processService(kind, context.name),
    ...(waits ? {} : { goesOn: true }),
    arguments: (input, scope) => {
      const values: Record<string, Json> = {};
      for (const [key, value] of parts) values[key] = value(input, scope);
      return values;
    },
  };
}

/** What people and scenarios call a process: `shell TASK`, `script TASK`. */
export function processService(kind: 'script' | 'shell', task: string): string {
  return `${kind} ${task}`;
}

function languageOf(language: string, pointer: string, findings: Finding[]): string {
  const known = LANGUAGES.get(language.toLowerCase());
  if (known !== undefined) return known;
  const names = [...LANGUAGES.keys()];
  const hint = didYouMean(language, names);
  findings.push({
    code: 'unknown-language',
    message: `scripts cannot be written in ${JSON.stringify(language)}`,
    pointer,
    expected: listWords(names),
    ...(hint === undefined ? {} : { hint }),
  });
  return language;
}
