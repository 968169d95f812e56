/*
 * The services that a workflow asks for something, by the names that scenarios know them by: a host
 * function by its own name, an http call by its method and the text of its endpoint (`GET
 * https://host/path/{id}`), an openapi call by the method and the address of its operation, in the same
 * form, a process by its task (`script TASK`, `shell TASK`). Functions in files are looked through like
 * the workflow itself.
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
  processService,
  type WorkflowDocument,
} from '../../dsl/index.ts';
import { loadFunction } from '../../dsl/resources/function-file.ts';
import { functionAddress } from '../../dsl/resources/uris.ts';
import { surveyDocument, type TaskPlace } from '../../dsl/survey.ts';

export function calledServices({
  document,
  resources,
}: Pick<Definition, 'document' | 'resources'>): ReadonlySet<string> {
  const { use } = document;
  const own = use?.functions ?? {};
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (part: WorkflowDocument, base: string): void => {
    for (const place of surveyDocument(part).tasks) {
      const { task } = place;
      if (isTask(task, 'run')) {
        const { script, shell } = task.run;
        if (script !== undefined) found.add(processService('script', nameOf(place)));
        if (shell !== undefined) found.add(processService('shell', nameOf(place)));
      }
      if (!isTask(task, 'call') || Object.hasOwn(own, task.call)) continue;
      if (task.call === 'http') found.add(httpService(task.with as HttpArguments));
      else if (task.call === 'openapi') {
        const call = task.with as OpenApiArguments;
        found.add(operationService(pinnedOperation(resources, base, call)));
      }
      if ((CALL_PROTOCOLS as readonly string[]).includes(task.call)) continue;
      const uri = functionAddress(task.call, use, base)?.uri;
      if (uri === undefined) found.add(task.call);
      else if (!seen.has(uri)) {
        seen.add(uri);
        const name = /^([^@:/\s]+):[^@:\s]+@/.exec(task.call)?.[1] ?? 'function';
        const file = loadFunction(resources[uri] ?? '', uri, use);
        if (file.task !== undefined) {
          visit({ document: document.document, do: [{ [name]: file.task }] }, uri);
        }
      }
    }
  };
  visit(document, '');
  return found;
}

/** What undoes a task goes by the name of that task. */
function nameOf({ name, pointer }: TaskPlace): string {
  const of = /\/([^/]+)\/metadata\/compensate$/.exec(pointer)?.[1];
  return of === undefined ? name : of.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** True for the name of an http service, which no function can have. */
export function isHttpService(name: string): boolean {
  return /^[A-Z]+ \S/.test(name);
}
