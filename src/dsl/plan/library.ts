/*
 * What a workflow calls and reads by reference: functions of `use`, functions and other resources that
 * were pinned when it was deployed. What is missing is a finding at the place that asks for it.
 */
import type { Endpoint, Task } from '../document.ts';
import type { Definition } from '../load.ts';
import type { Finding, Locate } from '../problem.ts';
import { type FunctionFile, loadFunction } from '../resources/function-file.ts';
import { isFixed, isOwnFunction } from '../resources/references.ts';
import { functionAddress, resolveUri, uriOf } from '../resources/uris.ts';
import { pointerStep } from '../../wire/json.ts';

/** Code of the finding that a deployer mends by reading the resource. */
export const NOT_PINNED = 'resource-not-pinned';

/** What a `call` means when it is no activity. */
export interface FunctionBody {
  /** tells it from other functions, for people too */
  readonly id: string;
  /** the name of its task */
  readonly name: string;
  readonly task: Task;
  /** the document that it stands in, '' for the workflow */
  readonly base: string;
  readonly place: Place;
}

/** Where something stands that is compiled at another pointer. */
export interface Place {
  readonly pointer: string;
  /** a file of its own; absent: the workflow's */
  readonly source?: { readonly file: string; readonly locate: Locate };
}

export class Library {
  private readonly definition: Definition;
  private readonly findings: Finding[];
  private readonly files = new Map<string, FunctionFile>();

  constructor(definition: Definition, findings: Finding[]) {
    this.definition = definition;
    this.findings = findings;
  }

  /** True for a name that is no host function, whether the function can be found or not. */
  has(call: string): boolean {
    const { use } = this.definition.document;
    return isOwnFunction(call, use) || functionAddress(call, use, '') !== undefined;
  }

  /** `call` as it is meant in the document `base`; undefined when it is missing, and that has been said. */
  function(call: string, base: string, pointer: string): FunctionBody | undefined {
    const { use } = this.definition.document;
    if (isOwnFunction(call, use)) {
      const place = { pointer: `/use/functions/${pointerStep(call)}` };
      return { id: call, name: call, task: use!.functions![call]!, base: '', place };
    }
    const address = functionAddress(call, use, base);
    if (address === undefined) return undefined;
    const { uri } = address;
    let file = this.files.get(uri);
    if (file === undefined) {
      const text = this.pinned(uri, pointer);
      if (text === undefined) return undefined;
      file = loadFunction(text, uri, use);
      this.files.set(uri, file);
    }
    const { task, problems, locate } = file;
    if (task === undefined) {
      const why = problems[0];
      this.findings.push({
        code: 'bad-function-file',
        message: `${uri} is no function: ${why?.message ?? 'it is empty'}${why === undefined ? '' : ` (line ${why.line})`}`,
        pointer,
        expected: 'a file with one task',
      });
      return undefined;
    }
    const name = /^([^@:/\s]+):[^@:\s]+@/.exec(call)?.[1] ?? 'function';
    return {
      id: call,
      name,
      task,
      base: uri,
      place: { pointer: '', source: { file: uri, locate } },
    };
  }

  /** The text behind an endpoint; undefined when it is missing, and that has been said. */
  text(endpoint: Endpoint, base: string, pointer: string): string | undefined {
    const uri = uriOf(endpoint);
    if (isFixed(uri)) return this.pinned(resolveUri(base, uri), pointer);
    this.findings.push({
      code: 'resource-not-fixed',
      message: 'the address of this resource is decided while the workflow runs',
      pointer,
      expected: 'an address that is known when the workflow is deployed',
      hint: 'write the address without expressions and {names}',
    });
    return undefined;
  }

  private pinned(uri: string, pointer: string): string | undefined {
    const { resources } = this.definition;
    if (Object.hasOwn(resources, uri)) return resources[uri];
    this.findings.push({
      code: NOT_PINNED,
      message: `${uri} was not read when the workflow was deployed`,
      pointer,
      expected: 'a definition with its resources',
    });
    return undefined;
  }
}
