/*
 * Mutations of core: what somebody might get wrong, as one small edit each. The reference must notice
 * every one of them. `find` occurs exactly once in its file.
 */
export interface Mutation {
  readonly name: string;
  /** below src/core */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'backoff off by one',
    file: 'backoff.ts',
    find: '2 ** (n - 1)',
    replace: '2 ** n',
  },
  {
    name: 'attempt.duration is forgotten',
    file: 'deadline.ts',
    find: ', attemptDeadline(frame) ?? Infinity',
    replace: '',
  },
  {
    name: 'standard types differ by their home',
    file: 'errors.ts',
    find: 'return name !== undefined && name === standardName(b);',
    replace: 'return false;',
  },
  {
    name: 'exit is taken for continue',
    file: 'flow.ts',
    find: "    case 'exit':\n      return listDone(machine, node, output, then);",
    replace: "    case 'exit':\n      return follow(machine, node, output, { kind: 'continue' });",
  },
  {
    name: 'after runs in order of declaration',
    file: 'tasks/extended.ts',
    find: `    const list = node.extensions[applied[at]!]!.after;`,
    replace: `    const list = node.extensions[applied[applied.length - 1 - at]!]!.after;`,
  },
  {
    name: 'an exit from before does not skip the task',
    file: 'tasks/extended.ts',
    find: `    if (by.kind !== 'exit') return before(`,
    replace: `    if (by.kind !== undefined) return before(`,
  },
  {
    name: 'the extended task leads nowhere',
    file: 'flow.ts',
    find: '  if (node.list.handsOn === true) return listDone(machine, node, output, then);',
    replace:
      "  if (node.list.handsOn === true) return listDone(machine, node, output, { kind: 'continue' });",
  },
  {
    name: 'export merges',
    file: 'flow.ts',
    find: '    machine.context = context;',
    replace: '    machine.context = { ...(machine.context as object), ...(context as object) };',
  },
  {
    name: 'the then of a skipped task is ignored',
    file: 'flow.ts',
    find: 'return follow(machine, node, data, node.then);',
    replace: "return follow(machine, node, data, { kind: 'continue' });",
  },
  {
    name: 'the output schema is asked before output.as',
    file: 'flow.ts',
    find: 'if (node.outputAs !== undefined) output = node.outputAs(raw, scope);\n  check(node.outputSchema, output,',
    replace:
      'if (node.outputAs !== undefined) output = node.outputAs(raw, scope);\n  check(node.outputSchema, raw,',
  },
  {
    name: 'the innermost deadline strikes first',
    file: 'unwinding.ts',
    find: 'for (let i = from; i < frames.length; i++) {',
    replace: 'for (let i = frames.length - 1; i >= from; i--) {',
  },
  {
    name: 'a task catches what fails in its own output',
    file: 'flow.ts',
    find: '    if (did) noteDone(machine, node, frame, raw);\n    machine.frames.pop();',
    replace: '    if (did) noteDone(machine, node, frame, raw);',
  },
  {
    name: 'a branch loses the context',
    file: 'strands.ts',
    find: '    ...(context === undefined ? {} : { context }),\n',
    replace: '',
  },
  {
    name: 'the place in a loop counts from one',
    file: 'scope.ts',
    find: 'if (name === node.at) return frame.node.index;',
    replace: 'if (name === node.at) return frame.node.index + 1;',
  },
  {
    name: '$task.output is the transformed output',
    file: 'scope.ts',
    find: 'output: this.rawOutput ?? null,',
    replace: 'output: this.output ?? null,',
  },
  {
    name: 'input.from of the workflow is left out',
    file: 'machine.ts',
    find: 'plan.inputFrom === undefined ? raw : plan.inputFrom(raw, scope)',
    replace: 'raw',
  },
  {
    name: 'every attempt is the first',
    file: 'tasks/call.ts',
    find: 'const attempt = (failed?.attempt ?? 0) + 1;',
    replace: 'const attempt = 1;',
  },
  {
    name: 'a retry is a new effect',
    file: 'tasks/call.ts',
    find: 'failed?.activation ?? ++machine.activation',
    replace: '++machine.activation',
  },
  {
    name: 'turns of a loop share the retried activity',
    file: 'tasks/call.ts',
    find: 'failed.indices.join() !== indices.join()',
    replace: 'false',
  },
  {
    name: 'an error does not say where it comes from',
    file: 'tasks/call.ts',
    find: 'return error.instance === undefined ? { ...error, instance: pointer } : error;',
    replace: "return { ...error, instance: pointer.slice(0, pointer.lastIndexOf('/')) };",
  },
  {
    name: 'a function gets the input instead of its arguments',
    file: 'tasks/do.ts',
    find: 'machine.into(node.body, node.arguments(input, machine.scope(node, raw, input))),',
    replace:
      'machine.into(node.body, (node.arguments(input, machine.scope(node, raw, input)), input)),',
  },
  {
    name: 'a loop gives all outputs',
    file: 'tasks/for.ts',
    find: 'passed: passed + 1 }, output);',
    replace: 'passed: passed + 1 }, rest.length === passed + 1 ? [output] : output);',
  },
  {
    name: 'each turn begins with the input of the loop',
    file: 'tasks/for.ts',
    find: 'return machine.into(node.body, data);',
    replace: 'return machine.into(node.body, machine.top().input ?? data);',
  },
  {
    name: 'for.in sees the variables of its own loop',
    file: 'tasks/for.ts',
    find: 'scope.binds = false;',
    replace: '',
  },
  {
    name: 'the error of a child names the task in the child',
    file: 'tasks/child.ts',
    find: 'return { origin, ...error, instance };',
    replace: 'return { origin, ...error };',
  },
  {
    name: 'a child that nobody waits for gets the input of its task',
    file: 'tasks/child.ts',
    find: 'beginRun(machine, ++machine.activation, plan, args)',
    replace: 'beginRun(machine, ++machine.activation, plan, input)',
  },
  {
    name: 'a run begins before the time of a retry',
    file: 'tasks/child.ts',
    find: 'if (!node.await && machine.looksAhead)',
    replace: 'if (!node.await && false)',
  },
  {
    name: 'a child sees the context of its parent',
    file: 'strands.ts',
    find: 'const state = { ...newRun(now, input), child: { strand, depth } };',
    replace:
      'const state = { ...newRun(now, input), context: machine.context ?? null, child: { strand, depth } };',
  },
  {
    name: 'end in a child ends its parent',
    file: 'machine.ts',
    find: "return this.id.strand === (this.child?.strand ?? '');",
    replace: "return this.id.strand === '';",
  },
  {
    name: 'an iteration gets the item after its own',
    file: 'tasks/parallel.ts',
    find: 'items?.[index - started]',
    replace: 'items?.[Math.min(index - started + 1, items.length - 1)]',
  },
  {
    name: 'an error of an iteration is waited for',
    file: 'tasks/parallel.ts',
    find: 'end.endsWorkflow === true || end.error !== undefined',
    replace: 'end.endsWorkflow === true',
  },
  {
    name: 'all iterations begin at once',
    file: 'tasks/parallel.ts',
    find: 'input, node.max, {',
    replace: 'input, node.max + 1, {',
  },
  {
    name: 'compete waits for all',
    file: 'tasks/fork.ts',
    find: 'return node.compete ? end.error === undefined : end.error !== undefined;',
    replace: 'return node.compete ? false : end.error !== undefined;',
  },
  {
    name: 'a branch emits while a retry is only looked at',
    file: 'machine.ts',
    find: 'ahead: this.looksAhead };',
    replace: 'ahead: false };',
  },
  {
    name: 'results of a fork in another order',
    file: 'tasks/joining.ts',
    find: 'outputs.push(end.output ?? null);',
    replace: 'outputs.unshift(end.output ?? null);',
  },
  {
    name: 'end in a branch ends the branch',
    file: 'tasks/fork.ts',
    find: '    if (end.endsWorkflow) return true;\n',
    replace: '',
  },
  {
    name: 'functions run like a do',
    file: 'tasks/index.ts',
    find: 'invoke: invokeTask,',
    replace: 'invoke: doTask as never,',
  },
  {
    name: 'raise names nobody',
    file: 'tasks/raise.ts',
    find: 'text(node.error.instance) ?? node.pointer',
    replace: "text(node.error.instance) ?? ''",
  },
  {
    name: 'set merges',
    file: 'tasks/set.ts',
    find: 'output: node.value(input, machine.scope(node, raw, input)),',
    replace:
      'output: { ...(raw as object), ...(node.value(input, machine.scope(node, raw, input)) as object) },',
  },
  {
    name: 'the last case that holds wins',
    file: 'tasks/switch.ts',
    find: 'node.cases.find(',
    replace: 'node.cases.findLast(',
  },
  {
    name: 'an event is emitted while a retry is only looked at',
    file: 'tasks/emit.ts',
    find: "    if (machine.looksAhead) return { do: 'stop', next: { kind: 'continue' } };\n",
    replace: '',
  },
  {
    name: 'an attribute that is null stays',
    file: 'tasks/emit.ts',
    find: "value !== null || attribute === 'data'",
    replace: 'true',
  },
  {
    name: 'what a branch has emitted is lost',
    file: 'tasks/joining.ts',
    find: '    machine.absorb(begun.outcome);\n',
    replace: '',
  },
  {
    name: 'catch.do runs before the retries',
    file: 'tasks/try.ts',
    find: '    if (node.retry !== undefined) {',
    replace: '    if (node.retry !== undefined && node.handler === undefined) {',
  },
  {
    name: 'one retry less',
    file: 'tasks/try.ts',
    find: 'failures > policy.count',
    replace: 'failures >= policy.count',
  },
  {
    name: 'limit.duration is counted from the last attempt',
    file: 'tasks/try.ts',
    find: 'due > state.firstAt + limit',
    replace: 'due > machine.now + limit',
  },
  {
    name: 'catch.then is ignored',
    file: 'tasks/try.ts',
    find: 'then: tryState(frame).inCatch ? (node.catchThen ?? node.then) : node.then,',
    replace: 'then: node.then,',
  },
  {
    name: 'exceptWhen is ignored',
    file: 'tasks/try.ts',
    find: '    if (node.exceptWhen?.(input, scope)) return undefined;\n',
    replace: '',
  },
  {
    name: 'a wait loses its input',
    file: 'tasks/wait.ts',
    find: 'output: frame.input ?? null',
    replace: 'output: null',
  },
  {
    name: 'a request over http is not known by what it asks',
    file: 'tasks/call.ts',
    find: 'const { activity: kind, service: name } = node;',
    replace:
      "const { activity: kind } = node;\n    const name = kind === 'http' ? 'http' : node.service;",
  },
  {
    name: 'compensations run oldest first',
    file: 'undo.ts',
    find: `for (let current = compensations.length - 1; current >= floor; current--) {`,
    replace: `for (let current = floor; current < compensations.length; current++) {`,
  },
  {
    name: 'what was refused is undone as well',
    file: 'undo.ts',
    find: `  if (error !== undefined && refused(error)) return;
`,
    replace: ``,
  },
  {
    name: 'a call that may have been done is not undone',
    file: 'undo.ts',
    find: `  note(machine, entryOf(machine, frame, false));
`,
    replace: ``,
  },
  {
    name: 'what is asked for after an undo repeats what was asked before',
    file: 'undo.ts',
    find: `  machine.thrown = undefined;
  const { compensations } = machine;`,
    replace: `  const { compensations } = machine;`,
  },
  {
    name: 'a compensation does not see the output',
    file: 'undo.ts',
    find: `return entry?.output ?? null;`,
    replace: `return null;`,
  },
  {
    name: 'what could not be undone counts as undone',
    file: 'tasks/undo.ts',
    find: `return undone(machine, error);`,
    replace: `return undone(machine);`,
  },
  {
    name: 'branches leave nothing to be undone',
    file: 'step.ts',
    find: `  gatherStrands(machine, frame.node, cause.ends, cause.order ?? []);
`,
    replace: ``,
  },
  {
    name: 'the last end decides a task that settles',
    file: 'tasks/joining.ts',
    find: `for (const index of order) {`,
    replace: `for (const index of order.toReversed()) {`,
  },
  {
    name: 'branches of a race leave it to others to undo what they did',
    file: 'tasks/fork.ts',
    find: `node.settles === true && (node.compete || !node.inSaga)`,
    replace: `false`,
  },
  {
    name: 'a schema objects to nothing',
    file: 'check.ts',
    find: `if (objection !== undefined)`,
    replace: `if (objection === null)`,
  },
  {
    name: 'all wants one event',
    file: 'tasks/listen.ts',
    find: `return mode === 'all' ? met.length >= filters.length : met.length > 0;`,
    replace: `return met.length > 0;`,
  },
  {
    name: 'a filter of all takes one event after the other',
    file: 'tasks/listen.ts',
    find: `    if (mode === 'all' && met.includes(index)) continue;
`,
    replace: ``,
  },
  {
    name: 'what is for until is taken for the others as well',
    file: 'tasks/listen.ts',
    find: `if (isMet(node.untilHeard!, ends.met)) return leave(machine);
      continue;`,
    replace: `if (isMet(node.untilHeard!, ends.met)) return leave(machine);`,
  },
  {
    name: 'a correlation is never fixed',
    file: 'tasks/listen.ts',
    find: `keys: { ...values, ...keys } };`,
    replace: `keys };`,
  },
  {
    name: 'until sees what became of the events',
    file: 'tasks/listen.ts',
    find: `return node.untilHolds(seen,`,
    replace: `return node.untilHolds(outputs,`,
  },
  {
    name: 'the export of an iteration is lost',
    file: 'tasks/listen.ts',
    find: `  machine.context = context;
`,
    replace: ``,
  },
  {
    name: 'an event is heard twice',
    file: 'given-events.ts',
    find: `given.taken.push(given.next - 1);`,
    replace: `if (given.next > 1) given.taken.push(given.next - 1);`,
  },
  {
    name: 'seconds are rounded',
    file: 'instant.ts',
    find: 'Math.floor(ms / 1000)',
    replace: 'Math.round(ms / 1000)',
  },
  {
    name: 'a retry begins at the time of the failure',
    file: 'look-ahead.ts',
    find: '  machine.now = until;\n',
    replace: '',
  },
  {
    name: 'while it looks ahead a block leaves its context',
    file: 'look-ahead.ts',
    find: '  machine.context = ahead.context;\n',
    replace: '',
  },
  {
    name: 'a strand that is parked forgets its variables',
    file: 'stopped.ts',
    find: '  if (machine.variables !== undefined) state.variables = machine.variables;\n',
    replace: '',
  },
];
