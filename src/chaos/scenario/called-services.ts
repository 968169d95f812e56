/*
 * The services that a workflow calls, by the names that scenarios know them by: a host function by its
 * own name, an http call by its method and the text of its endpoint (`GET https://host/path/{id}`), an
 * openapi call by the method and the address of its operation, in the same form.
 * Functions in files are looked through like the workflow itself.
 */
import {
  CALL_PROTOCOLS,
  type Definition,
  type HttpArguments,
  httpService,
  isTask,
  type OpenApiArguments,
  operationService,
  pinnedOperation,
  type WorkflowDocument,
} from '../../dsl/index.ts';
import { loadFunction } from '../../dsl/resources/function-file.ts';
import { externalResources } from '../../dsl/resources/references.ts';
import { functionAddress } from '../../dsl/resources/uris.ts';
import { surveyDocument } from '../../dsl/survey.ts';

export function calledServices({ document, resources }: Definition): ReadonlySet<string> {
  const { use } = document;
  const own = use?.functions ?? {};
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (part: WorkflowDocument, base: string): void => {
    for (const { task } of surveyDocument(part).tasks) {
      if (!isTask(task, 'call') || Object.hasOwn(own, task.call)) continue;
      const known = (CALL_PROTOCOLS as readonly string[]).includes(task.call);
      if (task.call === 'http') found.add(httpService(task.with as HttpArguments));
      else if (task.call === 'openapi') {
        const call = task.with as OpenApiArguments;
        found.add(operationService(pinnedOperation(resources, base, call)));
      } else if (!known && functionAddress(task.call, use, base) === undefined)
        found.add(task.call);
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

/** True for the name of an http service, which no function can have. */
export function isHttpService(name: string): boolean {
  return /^[A-Z]+ \S/.test(name);
}
