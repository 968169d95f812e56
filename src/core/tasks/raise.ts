/* raise: ends with an error; an enclosing try may catch it. */
import { EvaluationFault, type RaiseNode, type Value } from '../../dsl/plan/index.ts';
import type { WorkflowError } from '../../wire/index.ts';
import type { TaskKind } from './task-kind.ts';

export const raiseTask: TaskKind<RaiseNode> = {
  fresh: { kind: 'root' },
  enter(machine, node, input, raw) {
    const scope = machine.scope(node, raw, input);
    const text = (value: Value | undefined): string | undefined => {
      const result = value?.(input, scope) ?? undefined;
      if (result === undefined || typeof result === 'string') return result;
      return JSON.stringify(result);
    };
    const status = node.error.status(input, scope);
    if (typeof status !== 'number') {
      throw new EvaluationFault(
        'expression',
        `the status of an error must be a number, not ${JSON.stringify(status)}`,
        `${node.pointer}/raise/error/status`,
      );
    }
    const detail = text(node.error.detail);
    const error: WorkflowError = {
      type: text(node.error.type) ?? '',
      status,
      title: text(node.error.title) ?? '',
      ...(detail === undefined ? {} : { detail }),
      instance: text(node.error.instance) ?? node.pointer,
    };
    return { do: 'raise', error };
  },
};
