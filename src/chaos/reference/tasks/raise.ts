/* raise: the error that a definition describes. */
import type { ErrorDefinition } from '../../../dsl/document.ts';
import type { Json } from '../../../wire/json.ts';
import { free, type Scope } from '../evaluate.ts';
import { Fault, fault } from '../fault.ts';
import type { Interpreter } from '../interpret.ts';

export function raised(
  it: Interpreter,
  named: ErrorDefinition | string,
  input: Json,
  scope: Scope,
): Fault {
  const model = typeof named === 'string' ? it.document.use!.errors![named]! : named;
  const text = (value: string | undefined): string | undefined => {
    const result = value === undefined ? null : free(value, input, scope);
    if (result === null) return undefined;
    return typeof result === 'string' ? result : JSON.stringify(result);
  };
  const status = free(model.status, input, scope);
  if (typeof status !== 'number') {
    return fault('expression', 'the status of an error must be a number', scope.instance);
  }
  const detail = text(model.detail);
  return new Fault({
    type: text(model.type) ?? '',
    status,
    title: text(model.title) ?? '',
    ...(detail === undefined ? {} : { detail }),
    instance: text(model.instance) ?? scope.instance,
  });
}
