/*
 * Scenarios with one mistake each, and what the loader must say: code, place, and a piece of the text.
 * `schema: false` marks mistakes that a JSON Schema cannot see (names that refer to something, jq).
 */
export interface Mistake {
  readonly what: string;
  /** replaces the part of the good scenario that begins with the same key */
  readonly yaml: string;
  readonly code: string;
  readonly pointer: string;
  readonly says: RegExp;
  readonly schema?: false;
}

export const GOOD: Readonly<Record<string, string>> = {
  name: 'name: good',
  summary: 'summary: A scenario without a mistake.',
  workflow: `workflow:
  document: { dsl: '1.0.3', namespace: test, name: good, version: '1.0.0' }
  do:
    - one: { call: one, with: { id: '\${ .id }' } }`,
  inputs: `inputs:
  cases:
    - { name: seven, weight: 2, value: { id: 7 } }
    - { name: drawn, generate: { id: { $id: 'm-{}' } } }
  workloads: { night: 12 }`,
  services: `services:
  one: { latency: { lognormal: { p50: 10, p99: 40 } }, answer: '{ id: .request.id }' }`,
  faults: 'faults: { profile: calm, instances: [1, 3] }',
  invariants: `invariants:
  - { name: done, run: .status == "completed" }`,
  outcomes: `outcomes:
  - { path: done, when: 'true', share: 1, writes: { STEP: 1, END: 1 } }`,
};

export const MISTAKES: readonly Mistake[] = [
  {
    what: 'an unknown key',
    yaml: 'service: {}',
    code: 'unknown-key',
    pointer: '/service',
    says: /did you mean "services"/,
  },
  {
    what: 'files that are a list',
    yaml: 'files: [api.json]',
    code: 'wrong-type',
    pointer: '/files',
    says: /"files" is a list/,
  },
  {
    what: 'a file that is no text',
    yaml: 'files: { api.json: { openapi: 3.0.0 } }',
    code: 'wrong-type',
    pointer: '/files/api.json',
    says: /a text/,
  },
  {
    what: 'a file that nobody refers to',
    yaml: 'files: { api.json: "{}" }',
    code: 'unused-file',
    pointer: '/files/api.json',
    says: /does not refer to "api.json"/,
    schema: false,
  },
  { what: 'no name', yaml: 'name:', code: 'wrong-type', pointer: '/name', says: /"name" is empty/ },
  {
    what: 'a name with spaces',
    yaml: 'name: My Scenario',
    code: 'wrong-type',
    pointer: '/name',
    says: /lower-case words joined by hyphens/,
  },
  {
    what: 'a workflow that is a text',
    yaml: 'workflow: ./onboarding.yaml',
    code: 'wrong-type',
    pointer: '/workflow',
    says: /write { file: .\/onboarding.yaml }/,
  },
  {
    what: 'a workflow file that is not there',
    yaml: 'workflow: { file: nowhere.yaml }',
    code: 'unreadable',
    pointer: '/workflow/file',
    says: /there is no such file/,
    schema: false,
  },
  {
    what: 'a workflow with a mistake of its own',
    yaml: `workflow:
  document: { dsl: '1.0.3', namespace: test, name: good, version: '1.0.0' }
  do:
    - one: { call: one, then: nowhere }`,
    code: 'unknown-target',
    pointer: '/do/0/one/then',
    says: /nowhere/,
    schema: false,
  },
  {
    what: 'an input that is literal and generated',
    yaml: 'inputs: { cases: [{ name: both, value: 1, generate: 2 }] }',
    code: 'which-input',
    pointer: '/inputs/cases/0',
    says: /both literal and generated/,
  },
  {
    what: 'an unknown generator',
    yaml: 'inputs: { cases: [{ name: x, generate: { id: { $uuid: 4 } } }] }',
    code: 'bad-template',
    pointer: '/inputs/cases/0/generate/id/$uuid',
    says: /no generator \$uuid.*\$id, \$range/,
  },
  {
    what: 'a range upside down',
    yaml: 'inputs: { cases: [{ name: x, generate: { $range: [9, 1] } }] }',
    code: 'bad-template',
    pointer: '/inputs/cases/0/generate/$range',
    says: /two whole numbers/,
    schema: false,
  },
  {
    what: 'a workload of an unknown case',
    yaml: `inputs:
  cases: [{ name: signup, value: 1 }]
  workloads: { night: { count: 3, cases: [signups] } }`,
    code: 'unknown-case',
    pointer: '/inputs/workloads/night/cases/0',
    says: /did you mean "signup"/,
    schema: false,
  },
  {
    what: 'a workload of no runs',
    yaml: 'inputs: { cases: [{ name: a, value: 1 }], workloads: { night: 0 } }',
    code: 'out-of-range',
    pointer: '/inputs/workloads/night',
    says: /from 1 to 100000/,
  },
  {
    what: 'a service that nobody calls',
    yaml: 'services: { one: {}, two: {} }',
    code: 'unused-service',
    pointer: '/services/two',
    says: /no task of the workflow calls "two"/,
    schema: false,
  },
  {
    what: 'a function without a service',
    yaml: 'services: { onee: {} }',
    code: 'no-service',
    pointer: '/services',
    says: /calls "one", and no service/,
    schema: false,
  },
  {
    what: 'two latencies in one',
    yaml: 'services: { one: { latency: { fixed: 1, uniform: [1, 2] } } }',
    code: 'which-latency',
    pointer: '/services/one/latency',
    says: /has fixed and uniform/,
  },
  {
    what: 'a mixture without weights',
    yaml: 'services: { one: { latency: { mixture: [{ fixed: 1 }] } } }',
    code: 'missing',
    pointer: '/services/one/latency/mixture/0',
    says: /no weight/,
  },
  {
    what: 'percentiles upside down',
    yaml: 'services: { one: { latency: { lognormal: { p50: 9, p99: 3 } } } }',
    code: 'wrong-type',
    pointer: '/services/one/latency/lognormal/p99',
    says: /not below the median/,
    schema: false,
  },
  {
    what: 'a probability above one',
    yaml: 'services: { one: { failures: [{ probability: 5, error: { type: timeout, status: 408 } }] } }',
    code: 'out-of-range',
    pointer: '/services/one/failures/0/probability',
    says: /5 is out of range.*from 0 to 1/,
  },
  {
    what: 'a failure that says not when',
    yaml: 'services: { one: { failures: [{ error: { type: timeout, status: 408 } }] } }',
    code: 'always-fails',
    pointer: '/services/one/failures/0',
    says: /nothing says when/,
  },
  {
    what: 'a misspelt standard error',
    yaml: 'services: { one: { failures: [{ first: 1, error: { type: timout, status: 408 } }] } }',
    code: 'unknown-error-type',
    pointer: '/services/one/failures/0/error/type',
    says: /did you mean "timeout"/,
  },
  {
    what: 'an undo of nothing',
    yaml: 'services: { one: { undoes: won } }',
    code: 'unknown-service',
    pointer: '/services/one/undoes',
    says: /no service "won"/,
    schema: false,
  },
  {
    what: 'broken jq',
    yaml: 'services: { one: { answer: "{ id: " } }',
    code: 'expression-syntax',
    pointer: '/services/one/answer',
    says: /column/,
    schema: false,
  },
  {
    what: 'jq in ${ }',
    yaml: "invariants: [{ name: x, run: '${ .status }' }]",
    code: 'expression-syntax',
    pointer: '/invariants/0/run',
    says: /bare jq, without/,
    schema: false,
  },
  {
    what: 'an invariant about nothing',
    yaml: 'invariants: [{ name: x }]',
    code: 'which-invariant',
    pointer: '/invariants/0',
    says: /"run" .* "world" .* or "module"/,
  },
  {
    what: 'an unknown profile',
    yaml: 'faults: { profile: crash }',
    code: 'unknown-profile',
    pointer: '/faults/profile',
    says: /did you mean "crashy"/,
  },
  {
    what: 'bounds that are no bounds',
    yaml: 'faults: { runners: [1, 2, 3] }',
    code: 'wrong-type',
    pointer: '/faults/runners',
    says: /\[from, to\]/,
  },
  {
    what: 'a path without a predicate',
    yaml: 'outcomes: [{ path: done }]',
    code: 'missing',
    pointer: '/outcomes/0',
    says: /has no "when"/,
  },
  {
    what: 'a record kind that no run writes',
    yaml: "outcomes: [{ path: done, when: 'true', writes: { STEPS: 1 } }]",
    code: 'unknown-key',
    pointer: '/outcomes/0/writes/STEPS',
    says: /did you mean "STEP"/,
  },
  {
    what: 'two paths of one name',
    yaml: "outcomes: [{ path: a, when: 'true' }, { path: a, when: 'true' }]",
    code: 'duplicate-name',
    pointer: '/outcomes/1/path',
    says: /a path "a" already/,
    schema: false,
  },
];

/** The good scenario with one part replaced, or added at the end. */
export function scenarioWith(yaml = ''): string {
  const key = yaml.slice(0, yaml.indexOf(':'));
  const parts = { ...GOOD, ...(yaml === '' ? {} : { [key]: yaml }) };
  return `${Object.values(parts).join('\n')}\n`;
}
