/* Tasks that listen, and schedules by events. */
import type { Json } from '../../wire/json.ts';
import type { ListenTask, SchemaModel } from '../document.ts';
import { expressionOf } from '../expression.ts';
import type { PlanCompiler } from './compile.ts';
import type { Mutable, Surroundings } from './surroundings.ts';
import { StrategyCompiler } from './listen.ts';
import type {
  Condition,
  ForeachPlan,
  ListenNode,
  Node,
  NodeBase,
  Plan,
  SchemaCheck,
  StrategyPlan,
  Value,
} from './plan.ts';
import { schemaCheck } from './schemas.ts';

/** There is no run yet whose variables its filters could read. */
export function schedulePlan(it: PlanCompiler): Plan['schedule'] {
  const { on, read = 'data' } = it.document.schedule ?? {};
  if (on === undefined) return undefined;
  const { expressions } = it;
  const strategies = new StrategyCompiler(expressions, []);
  expressions.takeReads();
  const to = strategies.strategy(on, '/schedule/on');
  const reads = [...expressions.takeReads()];
  const [first] = reads;
  if (first === undefined && !strategies.readsInput) return { to, read };
  const what = first === undefined ? '`${ }` in what is compared' : `$${first}`;
  expressions.findings.push({
    code: 'schedule-reads-run',
    message: `${what} cannot be evaluated in a schedule: there is no run yet`,
    pointer: '/schedule/on',
    expected: 'filters that read the event alone',
    hint: 'judge the rest in the first task of the workflow',
  });
  return undefined;
}

export function completeListen(
  it: PlanCompiler,
  node: Mutable<Node>,
  task: ListenTask,
  pointer: string,
  inside: (more?: readonly string[]) => Surroundings,
  { base }: Surroundings,
): void {
  const { expressions } = it;
  const { names } = inside();
  const { read = 'data', to } = task.listen;
  const strategies = new StrategyCompiler(expressions, names);
  const at = `${pointer}/listen/to`;
  expressions.takeReads();
  const main = strategies.strategy(to, at);
  let untilHolds: Condition | undefined;
  let untilHeard: StrategyPlan | undefined;
  if (to.any !== undefined && typeof to.until === 'string') {
    untilHolds = expressions.condition(to.until, `${at}/until`, 'taskDefinition', names);
  } else if (to.any !== undefined && typeof to.until === 'object') {
    untilHeard = strategies.strategy(to.until, `${at}/until`);
  }
  const never = typeof to.until === 'string' && expressionOf(to.until, 'expression') === 'false';
  const { foreach } = task;
  let each: Mutable<ForeachPlan> | undefined;
  if (foreach !== undefined) {
    const item = foreach.item ?? 'item';
    const index = foreach.at ?? 'index';
    const there = `${pointer}/foreach`;
    const known = inside([item, index]);
    const result = (value: Json | undefined, where: string): Value | undefined =>
      value === undefined
        ? undefined
        : expressions.value(value, `${there}/${where}/as`, 'taskOutput', known.names);
    const schema = (model: SchemaModel | undefined, where: string): SchemaCheck | undefined =>
      model === undefined ? undefined : schemaCheck(it, model, `${there}/${where}/schema`, base);
    each = {
      each: item,
      at: index,
      body: undefined,
      outputAs: result(foreach.output?.as, 'output'),
      outputSchema: schema(foreach.output?.schema, 'output'),
      exportAs: result(foreach.export?.as, 'export'),
      exportSchema: schema(foreach.export?.schema, 'export'),
    };
  }
  const reads = expressions.takeReads();
  if (reads.has('input') || strategies.readsInput) node.keepsInput = true;
  if (reads.has('task')) node.keepsRawInput = true;
  if (each !== undefined && foreach?.do !== undefined && foreach.do.length > 0) {
    each.body = it.list(foreach.do, `${pointer}/foreach/do`, inside([each.each, each.at]));
  }
  Object.assign(node, {
    to: main,
    untilHolds,
    untilHeard,
    read,
    foreach: each,
    keepsOutputs: !never,
  } satisfies Omit<ListenNode, keyof NodeBase | 'kind'>);
}
