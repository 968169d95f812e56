/*
 * What stands under `use` must be there before it is used.
 *
 * Functions are the exception: a `call` of a name that use.functions does not have is a host
 * function, and which of those exist only the runner knows. A near miss is a note.
 */
import { CALL_PROTOCOLS, isTask, type WorkflowDocument } from '../document.ts';
import { didYouMean, type Finding, listWords, nearest, quote } from '../problem.ts';
import { expressionOf } from '../expression.ts';
import type { Reference, Survey, TaskPlace } from '../survey.ts';
import type { Verdict } from './index.ts';

const NOUNS: Readonly<Record<Reference['kind'], string>> = {
  authentications: 'an authentication policy',
  errors: 'an error',
  retries: 'a retry policy',
  secrets: 'a secret',
  timeouts: 'a timeout',
};

export function checkReferences(
  { use = {} }: WorkflowDocument,
  survey: Survey,
  { problems, notes }: Verdict,
): void {
  for (const reference of [...survey.references, ...secretsRead(survey)]) {
    const { kind } = reference;
    const names = kind === 'secrets' ? (use.secrets ?? []) : Object.keys(use[kind] ?? {});
    if (!names.includes(reference.name)) problems.push(unresolved(reference, names));
  }
  const catalogs = [...Object.keys(use.catalogs ?? {}), 'default'];
  const functions = Object.keys(use.functions ?? {});
  for (const place of survey.tasks) {
    const finding = functionCall(place, functions, catalogs);
    if (finding?.code === 'host-function') notes.push(finding);
    else if (finding !== undefined) problems.push(finding);
  }
}

/** `$secrets.name` and `$secrets["name"]`; what else is read of it is known at the call only. */
function secretsRead({ texts }: Survey): Reference[] {
  return texts.flatMap(({ pointer, text, position }) => {
    const source = expressionOf(text, position) ?? '';
    const names = source.matchAll(
      /\$secrets\s*(?:\.\s*([A-Za-z_]\w*)|\.?\s*\[\s*"([^"\\]+)"\s*\])/g,
    );
    return [...names].map(([, word, quoted]) => ({
      pointer,
      kind: 'secrets' as const,
      name: word ?? quoted ?? '',
    }));
  });
}

function unresolved({ kind, name, pointer }: Reference, names: readonly string[]): Finding {
  let hint = didYouMean(name, names);
  if (hint === undefined && kind === 'timeouts' && /^\s*(P|\$\{)/.test(name)) {
    hint = `a duration stands in an object: { after: ${name} }`;
  }
  hint ??=
    names.length > 0
      ? `use.${kind} has ${listWords(names.slice(0, 8).map(quote), 'and')}`
      : `there is no use.${kind}; declare it there`;
  return {
    code: 'unknown-reference',
    message: `use.${kind} has no ${quote(name)}`,
    pointer,
    expected: `the name of ${NOUNS[kind]} in use.${kind}`,
    hint,
  };
}

function functionCall(
  { task, pointer }: TaskPlace,
  functions: readonly string[],
  catalogs: readonly string[],
): Finding | undefined {
  if (!isTask(task, 'call')) return undefined;
  const { call } = task;
  if ((CALL_PROTOCOLS as readonly string[]).includes(call) || functions.includes(call)) {
    return undefined;
  }
  if (/^(https?|file):\/\//.test(call)) return undefined;
  const at = `${pointer}/call`;
  const catalog = /^[^@]*@(.*)$/.exec(call)?.[1];
  if (catalog !== undefined) {
    if (!/^[^@:\s]+:[^@:\s]+@\S+$/.test(call)) {
      const message = `${quote(call)} does not name a function of a catalog`;
      return { code: 'bad-function', message, pointer: at, expected: 'name:version@catalog' };
    }
    if (catalogs.includes(catalog)) return undefined;
    return {
      code: 'unknown-reference',
      message: `use.catalogs has no ${quote(catalog)}`,
      pointer: at,
      expected: 'the name of a catalog in use.catalogs, or default',
      hint: didYouMean(catalog, catalogs) ?? 'declare the catalog in use.catalogs',
    };
  }
  const meant = nearest(call, [...functions, ...CALL_PROTOCOLS]);
  if (meant === undefined) return undefined;
  return {
    code: 'host-function',
    message: `${quote(call)} is not in use.functions: a host function of this name is called`,
    pointer: at,
    expected: 'the name of a function',
    hint: `did you mean ${quote(meant)}?`,
  };
}
