/*
 * Where `then` leads: a directive, or a task of the same list. Nothing else is reachable.
 */
import { pointerStep } from '../../wire/json.ts';
import { FLOW_DIRECTIVES, isTask } from '../document.ts';
import { type Finding, listWords, nearest, quote } from '../problem.ts';
import type { Survey, TaskPlace } from '../survey.ts';
import type { Verdict } from './index.ts';

export function checkFlow(survey: Survey, { problems }: Verdict): void {
  const homes = new Map<string, string>();
  for (const { name, pointer } of survey.tasks) if (!homes.has(name)) homes.set(name, pointer);
  for (const place of survey.tasks) {
    for (const [pointer, target] of targets(place)) {
      const finding = unreachable(target, pointer, place, homes);
      if (finding !== undefined) problems.push(finding);
    }
  }
}

/** Every `then` of a task: its own, its cases', its catch's. All lead to siblings of the task. */
function* targets({ task, pointer }: TaskPlace): Generator<[pointer: string, target: string]> {
  if (task.then !== undefined) yield [`${pointer}/then`, task.then];
  if (isTask(task, 'switch')) {
    for (const [index, item] of task.switch.entries()) {
      for (const [name, one] of Object.entries(item)) {
        yield [`${pointer}/switch/${index}/${pointerStep(name)}/then`, one.then];
      }
    }
  }
  if (isTask(task, 'try') && task.catch.then !== undefined) {
    yield [`${pointer}/catch/then`, task.catch.then];
  }
}

function unreachable(
  target: string,
  pointer: string,
  { siblings }: TaskPlace,
  homes: ReadonlyMap<string, string>,
): Finding | undefined {
  const directives: readonly string[] = FLOW_DIRECTIVES;
  if (directives.includes(target) || siblings?.includes(target) === true) return undefined;
  const candidates = [...(siblings ?? []), ...directives];
  const meant = nearest(target, candidates);
  const home = homes.get(target);
  let hint: string;
  if (home !== undefined) {
    hint = `${quote(target)} stands at ${home}; \`then\` reaches only tasks of the same list`;
  } else if (meant !== undefined) hint = `did you mean ${quote(meant)}?`;
  else if (target.includes('${')) hint = '`then` takes no expression; use a switch task';
  else hint = `here there are ${listWords(candidates.slice(0, 8).map(quote), 'and')}`;
  return {
    code: siblings === undefined ? 'then-without-list' : 'unknown-target',
    message:
      siblings === undefined
        ? `\`then: ${target}\` leads nowhere: a branch or function stands alone`
        : `there is no task ${quote(target)} in this list`,
    pointer,
    expected: 'continue, exit, end or the name of a task in this list',
    hint,
  };
}
