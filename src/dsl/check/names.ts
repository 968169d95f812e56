/*
 * Names: of tasks in a list, of switch cases, of variables, and metadata that Waybill gives a meaning.
 */
import { FLOW_DIRECTIVES, isTask, type Task, type WorkflowDocument } from '../document.ts';
import { type Finding, quote } from '../problem.ts';
import type { ListPlace, Survey, TaskPlace } from '../survey.ts';
import { pointerStep } from '../../wire/json.ts';
import { BRANCHES_AT_ONCE } from '../../wire/limits.ts';
import type { Verdict } from './index.ts';

/** Variables that expressions have already; jq's own two included. */
export const RESERVED_VARIABLES = [
  'context',
  'input',
  'output',
  'secrets',
  'authorization',
  'task',
  'workflow',
  'runtime',
  'certain',
  'ENV',
  '__loc__',
];

export function checkNames(document: WorkflowDocument, survey: Survey, verdict: Verdict): void {
  const { problems } = verdict;
  for (const place of survey.lists) problems.push(...listNames(place));
  (document.use?.extensions ?? []).forEach((item, index, all) => {
    const [name = ''] = Object.keys(item);
    if (all.findIndex((each) => Object.hasOwn(each, name)) < index) {
      problems.push(duplicate(name, `/use/extensions/${index}/${pointerStep(name)}`, 'extension'));
    }
  });
  for (const { pointer, value } of survey.variables) problems.push(...variable(value, pointer));
  for (const place of survey.tasks) {
    problems.push(...cases(place), ...loopVariables(place), ...metadata(place, document));
  }
}

function listNames({ list, pointer }: ListPlace): Finding[] {
  const seen = new Set<string>();
  const findings: Finding[] = [];
  list.forEach((item, index) => {
    for (const name of Object.keys(item)) {
      const at = `${pointer}/${index}/${pointerStep(name)}`;
      if (seen.has(name)) findings.push(duplicate(name, at, 'task'));
      seen.add(name);
      if ((FLOW_DIRECTIVES as readonly string[]).includes(name)) {
        findings.push({
          code: 'reserved-name',
          message: `${quote(name)} is a flow directive and cannot name a task`,
          pointer: at,
          expected: 'another name',
          at: 'key',
        });
      }
      if (name.trim() === '') {
        const message = 'this task has an empty name';
        findings.push({ code: 'empty', message, pointer: at, expected: 'a name', at: 'key' });
      }
    }
  });
  return findings;
}

function duplicate(name: string, pointer: string, what: string): Finding {
  return {
    code: 'duplicate-name',
    message: `another ${what} in this list is called ${quote(name)} already`,
    pointer,
    expected: 'names that differ within a list',
    hint: '`then` finds tasks by name; the same name may stand in another list',
    at: 'key',
  };
}

/** One default at most, and names that differ. */
function cases({ task, pointer }: TaskPlace): Finding[] {
  if (!isTask(task, 'switch')) return [];
  const findings: Finding[] = [];
  const seen = new Set<string>();
  let fallback: string | undefined;
  task.switch.forEach((item, index) => {
    for (const [name, { when }] of Object.entries(item)) {
      const at = `${pointer}/switch/${index}/${pointerStep(name)}`;
      if (seen.has(name)) findings.push(duplicate(name, at, 'case'));
      seen.add(name);
      if (when !== undefined) continue;
      if (fallback !== undefined) {
        findings.push({
          code: 'several-defaults',
          message: `this case has no \`when\`, and ${quote(fallback)} is the default already`,
          pointer: at,
          expected: 'at most one case without `when`',
          hint: 'add a `when` to one of them',
          at: 'key',
        });
      }
      fallback ??= name;
    }
  });
  return findings;
}

function variable(name: string, pointer: string): Finding[] {
  if (RESERVED_VARIABLES.includes(name)) {
    return [
      {
        code: 'reserved-variable',
        message: `$${name} is there already and cannot be redefined`,
        pointer,
        expected: 'another name',
      },
    ];
  }
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return [];
  const bare = name.replace(/^\$/, '');
  return [
    {
      code: 'bad-variable',
      message: `${quote(name)} cannot be the name of a variable`,
      pointer,
      expected: 'letters, digits and _, not beginning with a digit',
      ...(bare === name ? {} : { hint: `write it without the $: ${bare}` }),
    },
  ];
}

/** The item and its position need two names. */
function loopVariables({ task, pointer }: TaskPlace): Finding[] {
  let each: string | undefined;
  let at: string | undefined;
  let where = pointer;
  if (isTask(task, 'for')) {
    ({ each = 'item', at = 'index' } = task.for);
    where = `${pointer}/for/${task.for.at === undefined ? 'each' : 'at'}`;
  } else if (isTask(task, 'listen') && task.foreach !== undefined) {
    ({ item: each = 'item', at = 'index' } = task.foreach);
    where = `${pointer}/foreach/${task.foreach.at === undefined ? 'item' : 'at'}`;
  }
  if (each === undefined || each !== at) return [];
  return [
    {
      code: 'duplicate-variable',
      message: `$${each} would be both the item and its position`,
      pointer: where,
      expected: 'two names that differ',
    },
  ];
}

/** Metadata is free, but what Waybill reads must stand where it is read. */
function metadata({ task, kind, pointer }: TaskPlace, { use }: WorkflowDocument): Finding[] {
  const { limit, parallel, saga } = task.metadata ?? {};
  const misplaced = (name: string, home: string): Finding => ({
    code: 'misplaced-metadata',
    message: `metadata.${name} has no meaning on a ${kind} task`,
    pointer: `${pointer}/metadata/${name}`,
    expected: home,
    at: 'key',
  });
  const findings: Finding[] = [];
  if (parallel !== undefined && kind !== 'for') findings.push(misplaced('parallel', 'a for task'));
  else if (parallel !== undefined) findings.push(...parallelLoop(task, parallel.max, pointer));
  const asks =
    (isTask(task, 'call') && !Object.hasOwn(use?.functions ?? {}, task.call)) ||
    (isTask(task, 'run') && task.run.workflow === undefined);
  if (limit !== undefined && !asks) {
    findings.push(
      misplaced('limit', 'a task that calls a service or runs a process, or the document'),
    );
  }
  if (saga !== undefined && kind !== 'do' && kind !== 'try') {
    findings.push(misplaced('saga', 'a do or try task, or the document'));
  }
  return findings;
}

function parallelLoop(task: Task, max: number, pointer: string): Finding[] {
  const findings: Finding[] = [];
  if (isTask(task, 'for') && task.while !== undefined) {
    findings.push({
      code: 'parallel-while',
      message:
        '`while` looks at the output of the iteration before, and in a parallel loop there is none',
      pointer: `${pointer}/while`,
      expected: 'a parallel loop without `while`',
      hint: 'filter the items in `for.in`, or skip tasks with `if`',
      at: 'key',
    });
  }
  if (max > BRANCHES_AT_ONCE) {
    findings.push({
      code: 'out-of-range',
      message: `${max} iterations at once are too many`,
      pointer: `${pointer}/metadata/parallel/max`,
      expected: `${BRANCHES_AT_ONCE} or less`,
      hint: 'the list itself may be of any length',
    });
  }
  return findings;
}
