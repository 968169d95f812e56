/*
 * run: workflow. An awaited child is a strand of the run it belongs to (joining.ts, with one strand),
 * with a definition, an input, a context and a timeout of its own. One that is not awaited is a run of
 * its own; the task goes on at once with its own input.
 *
 * What goes wrong in an awaited child is raised here: the error names this task, and `origin` says
 * which task of which workflow it came from. A child undoes itself when it faults or is cancelled, as its
 * own definition says; one that has completed is a step of its parent, which its metadata.compensate undoes.
 */
import { type ChildNode, EvaluationFault, type Plan } from '../../dsl/plan/index.ts';
import type { WorkflowError } from '../../wire/index.ts';
import { CHILD_DEPTH_MAX } from '../limits.ts';
import type { Machine } from '../machine.ts';
import { BrokenInvariant, NeedsDefinition } from '../outcome.ts';
import { beginChild, beginRun } from '../strands.ts';
import { beginStrands, type Joining, joining } from './joining.ts';
import type { TaskKind } from './task-kind.ts';

const joins: Joining<ChildNode> = {
  decides: () => true,
  begin() {
    throw new BrokenInvariant('a child has one strand, which the task itself begins');
  },
  conclude(_machine, node, _total, { 0: end }) {
    return end?.error === undefined
      ? { do: 'leave', output: end?.output ?? null }
      : { do: 'raise', error: raisedBy(node, end.error) };
  },
};

export const childTask: TaskKind<ChildNode> = {
  ...joining(joins),
  enter(machine, node, input, raw) {
    // A run that has begun cannot be undone.
    if (!node.await && machine.looksAhead) return { do: 'stop', next: { kind: 'continue' } };
    const plan = planOf(machine, node);
    const args = node.arguments(input, machine.scope(node, raw, input));
    if (!node.await) {
      machine.runs.push(beginRun(machine, ++machine.activation, plan, args));
      return { do: 'leave', output: input };
    }
    checkDepth(machine, node);
    const begin: (typeof joins)['begin'] = (_machine, _node, { activation }) =>
      beginChild(machine, activation, plan, args);
    const about = plan.undoes ? { total: 1, settles: true } : { total: 1 };
    return beginStrands({ ...joins, begin }, machine, node, input, 1, about);
  },
};

function checkDepth(machine: Machine, { pointer }: ChildNode): void {
  if ((machine.child?.depth ?? 0) < CHILD_DEPTH_MAX) return;
  throw new EvaluationFault(
    'configuration',
    `more than ${CHILD_DEPTH_MAX} workflows wait for one another: does one run itself without end?`,
    pointer,
  );
}

function planOf(machine: Machine, { definition, pointer }: ChildNode): Plan {
  const known = machine.options.definitions?.(definition);
  if (known === undefined) throw new NeedsDefinition(definition);
  if ('plan' in known) return known.plan;
  throw new EvaluationFault('configuration', known.missing, pointer);
}

function raisedBy({ definition, instance }: ChildNode, error: WorkflowError): WorkflowError {
  const { namespace, name } = definition;
  const origin = { workflow: `${namespace}/${name}`, instance: error.instance ?? '' };
  return { origin, ...error, instance };
}
