/*
 * Sabotages of what the DSL means, hunted for where it is all used: by the reference interpreter, which
 * knows nothing of the engine (P2), in generated workflows and in a scenario that has what others lack.
 */
import { GENERATED_WORKFLOWS, type Sabotage } from './sabotage.ts';

const CLAIMS = 'scenarios/claims-desk.yaml';
const RENTAL = 'scenarios/machine-rental.yaml';

export const DSL_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'wait-counts-from-the-beginning',
    rule: 'P4',
    says: 'A wait is over so long after the run began.',
    edits: [
      {
        file: 'core/tasks/wait.ts',
        find: 'machine.now + node',
        replace: 'machine.startedAt + node',
      },
    ],
    scenario: RENTAL,
    profile: 'calm',
    oracles: ['differential'],
    runs: 100,
  },
  {
    name: 'backoff-one-ahead',
    rule: 'P6',
    says: 'The first retry waits as long as the second should.',
    edits: [{ file: 'core/backoff.ts', find: '2 ** (n - 1)', replace: '2 ** n' }],
    scenario: 'scenarios/merchant-onboarding.yaml',
    profile: 'everything',
    oracles: ['differential'],
    runs: 500,
  },
  {
    name: 'retries-beyond-their-time',
    rule: 'P6',
    says: 'A policy that ends after some time goes on for ever.',
    edits: [
      {
        file: 'core/tasks/try.ts',
        find: 'limit !== undefined && due > state.firstAt + limit ? undefined : due',
        replace: 'limit === -1 ? undefined : due',
      },
    ],
    scenario: CLAIMS,
    profile: 'everything',
    oracles: ['differential', 'p9-everything-ends'],
    runs: 500,
  },
  {
    name: 'only-the-innermost-deadline',
    rule: 'P4',
    says: 'Of the timeouts around a task only its own is waited for.',
    edits: [
      {
        file: 'core/deadline.ts',
        find: 'for (let i = from; i < state.frames.length; i++) {',
        replace:
          'for (let i = Math.max(from, state.frames.length - 1); i < state.frames.length; i++) {',
      },
    ],
    scenario: CLAIMS,
    profile: 'everything',
    oracles: ['differential', 'p4-timers', 'p3-one-effect'],
    runs: 200,
  },
  {
    name: 'workflow-timeout-only-looked-at',
    rule: 'P4',
    says: 'The timeout of a workflow strikes when something else happens after it.',
    edits: [
      {
        file: 'core/deadline.ts',
        find: 'let earliest = (from === 0 ? state.deadline : undefined) ?? Infinity;',
        replace: 'let earliest = Infinity;',
      },
    ],
    scenario: CLAIMS,
    profile: 'calm',
    oracles: ['differential', 'p4-timers'],
    runs: 200,
  },
  {
    name: 'raw-input-forgotten',
    rule: 'P2',
    says: 'What a task was given before its own `input.from` is not known any more when it has answered.',
    edits: [
      { file: 'core/flow.ts', find: 'if (node.keepsRawInput) frame.rawInput = data;', replace: '' },
    ],
    scenario: CLAIMS,
    profile: 'calm',
    oracles: ['differential'],
    runs: 100,
  },
  {
    name: 'skipped-and-nowhere-to-go',
    rule: 'P2',
    says: 'A task that is skipped takes its `then` with it.',
    edits: [
      {
        file: 'core/flow.ts',
        find: 'return follow(machine, node, data, node.then);',
        replace: "return follow(machine, node, data, { kind: 'continue' });",
      },
    ],
    scenario: CLAIMS,
    profile: 'calm',
    oracles: ['differential'],
    runs: 100,
  },
  {
    name: 'last-loser-is-heard',
    rule: 'P5',
    says: 'A race that everybody loses ends with the error of the last branch.',
    edits: [
      {
        file: 'core/tasks/joining.ts',
        find: 'else error ??= end.error;',
        replace: 'else error = end.error;',
      },
    ],
    scenario: CLAIMS,
    profile: 'calm',
    oracles: ['differential'],
    runs: 200,
  },
  {
    name: 'turns-without-a-number',
    rule: 'R16',
    says: 'The events that are worked off one after the other are all the first.',
    edits: [
      {
        file: 'core/tasks/listen.ts',
        find: 'node.foreach === undefined ? state.index : state.index + 1',
        replace: 'state.index',
      },
    ],
    scenario: CLAIMS,
    profile: 'calm',
    oracles: ['differential', 'p3-one-effect'],
    runs: 200,
  },
  {
    name: 'correlation-not-fixed',
    rule: 'R16',
    says: 'The first event that gives a value to a correlation does not fix it for the others.',
    edits: [
      { file: 'core/tasks/listen.ts', find: 'keys: { ...values, ...keys } };', replace: 'keys };' },
    ],
    scenario: 'scenarios/control-room.yaml',
    profile: 'calm',
    oracles: ['differential', 'r16-heard-once', 'scenario-invariants'],
    runs: 200,
  },
  {
    name: 'context-lost-in-a-wait',
    rule: 'P2',
    says: 'What a run has exported is not part of the State of one that waits.',
    edits: [
      {
        file: 'core/stopped.ts',
        find: 'if (machine.context !== undefined && machine.plan.keepsContext)',
        replace:
          "if (machine.context !== undefined && machine.plan.keepsContext && next.kind !== 'listen')",
      },
    ],
    scenario: CLAIMS,
    profile: 'calm',
    oracles: ['differential'],
    runs: 100,
  },
  {
    name: 'undone-without-its-input',
    rule: 'P7',
    says: 'A compensation is given nothing of what the step was given.',
    edits: [{ file: 'core/undo.ts', find: 'entry.input ?? null', replace: 'null' }],
    scenario: RENTAL,
    profile: 'calm',
    oracles: ['differential', 'scenario-invariants'],
    runs: 500,
  },
  {
    name: 'one-key-for-all-branches',
    rule: 'P3',
    says: 'The effect key does not tell the branches of a fork apart.',
    edits: [
      {
        file: 'core/tasks/call.ts',
        find: 'effectKey(run, strand, activation',
        replace: "effectKey(run, '', activation",
      },
    ],
    scenario: GENERATED_WORKFLOWS,
    profile: 'calm',
    oracles: ['differential', 'p3-one-effect'],
    runs: 500,
  },
  {
    name: 'answer-of-a-child-lost',
    rule: 'P2',
    says: 'A workflow that was waited for has no output.',
    edits: [
      {
        file: 'core/tasks/child.ts',
        find: 'output: end?.output ?? null',
        replace: 'output: null',
      },
    ],
    scenario: GENERATED_WORKFLOWS,
    profile: 'everything',
    oracles: ['differential'],
    runs: 500,
  },
  {
    name: 'what-is-settled-is-undone',
    rule: 'P7',
    says: 'A saga scope that is done may still be undone by what is around it.',
    edits: [
      {
        file: 'core/flow.ts',
        find: 'if (frame.saga !== undefined && node.inSaga === undefined) settleLog(machine, frame.saga);',
        replace: '',
      },
    ],
    scenario: GENERATED_WORKFLOWS,
    profile: 'calm',
    oracles: ['differential', 'p7-compensations'],
    runs: 2_000,
  },
];
