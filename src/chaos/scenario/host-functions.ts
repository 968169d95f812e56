/*
 * The host functions that a workflow calls: every `call` that is neither a protocol, nor a function of its
 * own `use`, nor one in a file. Functions in files are looked through like the workflow itself.
 */
import { CALL_PROTOCOLS, type Definition, isTask, type WorkflowDocument } from '../../dsl/index.ts';
import { loadFunction } from '../../dsl/resources/function-file.ts';
import { externalResources } from '../../dsl/resources/references.ts';
import { functionAddress } from '../../dsl/resources/uris.ts';
import { surveyDocument } from '../../dsl/survey.ts';

export function hostFunctions({ document, resources }: Definition): ReadonlySet<string> {
  const { use } = document;
  const own = use?.functions ?? {};
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (part: WorkflowDocument, base: string): void => {
    for (const { task } of surveyDocument(part).tasks) {
      if (!isTask(task, 'call') || Object.hasOwn(own, task.call)) continue;
      const known = (CALL_PROTOCOLS as readonly string[]).includes(task.call);
      if (!known && functionAddress(task.call, use, base) === undefined) found.add(task.call);
    }
    for (const { kind, uri } of externalResources(part, base, use)) {
      const text = resources[uri];
      if (kind !== 'function' || text === undefined || seen.has(uri)) continue;
      seen.add(uri);
      const { task } = loadFunction(text, uri, use);
      if (task !== undefined) visit({ document: document.document, do: [{ function: task }] }, uri);
    }
  };
  visit(document, '');
  return found;
}
