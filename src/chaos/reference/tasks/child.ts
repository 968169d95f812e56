/*
 * run: workflow. A child that is awaited is a strand with a document of its own; the id of one that
 * writes no record is not known here. One that is not awaited is only told of.
 */
import type { RunTask } from '../../../dsl/document.ts';
import type { Json } from '../../../wire/json.ts';
import { field } from '../evaluate.ts';
import { Fault, fault } from '../fault.ts';
import type { Active, Here } from '../here.ts';
import type { Interpreter } from '../interpret.ts';
import { mayUndo, runStrands } from './strands.ts';

export function child(
  it: Interpreter,
  here: Here,
  active: Active,
  { run: { await: awaited = true, workflow } }: RunTask,
  input: Json,
): Json {
  const { pointer } = active;
  const { input: given = {}, name, namespace, version } = workflow!;
  const { definitions = [], run } = it.start;
  const definition = definitions.findLast(
    ({ document: { document: head } }) =>
      head.namespace === namespace &&
      head.name === name &&
      (version === 'latest' || head.version === version),
  );
  if (definition === undefined) throw fault('configuration', 'there is no such workflow', pointer);
  const handed = field(given, input, it.scope(here, active, { input }));
  if (!awaited) {
    const { document } = definition;
    it.does.begun.push({ document, input: handed, at: here.strand.now });
    return input;
  }
  const [end] = runStrands(it, here, {
    total: 1,
    atOnce: 1,
    waits: mayUndo(definition, definition.document.do as unknown as Json, true),
    decides: () => true,
    act(_index, strand) {
      strand.context = null;
      const { line, log, now: at } = strand;
      const start = { run: `${run}/${line.strand}`, definitions, input: handed, at, line };
      try {
        return it.of(definition, start).workflow(strand);
      } finally {
        // What could still be undone is told to nobody.
        for (let i = log.length - 1; i >= 0; i--) if (!log[i]!.outcome) log.splice(i, 1);
      }
    },
  });
  const { error, output } = end!;
  if (error === undefined) return output ?? null;
  const origin = { workflow: `${namespace}/${name}`, instance: error.instance ?? '' };
  throw new Fault({ origin, ...error, instance: pointer });
}
