/*
 * The `inputs` of a scenario: cases, literal or generated, and named workloads.
 */
import { didYouMean, quote } from '../../dsl/problem.ts';
import type { Json } from '../../wire/json.ts';
import { Fields, type Findings } from './fields.ts';
import type { InputCase, Inputs, Workload } from './format.ts';
import { compileTemplate, literal } from './inputs.ts';

/** Runs of one workload: beyond it a world does not fit in memory. */
const WORKLOAD_MAX = 100_000;

export function readInputs(value: Json | undefined, pointer: string, findings: Findings): Inputs {
  const none: Inputs = {
    cases: [{ name: 'no input', weight: 1, make: literal({}) }],
    workloads: new Map(),
  };
  if (value === undefined) return none;
  const fields = Fields.of(value, pointer, '"inputs"', ['cases', 'workloads'], findings);
  if (fields === undefined || !fields.require('cases', 'a list of inputs')) return none;
  const cases: InputCase[] = [];
  for (const [index, item] of (fields.list('cases') ?? []).entries()) {
    const each = readCase(item, `${fields.at('cases')}/${index}`, findings);
    if (each === undefined) continue;
    if (cases.some(({ name }) => name === each.name)) {
      findings.add(
        'duplicate-name',
        `${fields.at('cases')}/${index}/name`,
        `there is a case ${quote(each.name)} already`,
        'a name of its own for every case',
      );
    }
    cases.push(each);
  }
  if (cases.length > 0 && cases.every(({ weight }) => weight === 0)) {
    findings.add('no-weight', fields.at('cases'), 'no case has a weight', 'a weight above 0');
  }
  return { cases, workloads: readWorkloads(fields, cases) };
}

function readCase(item: Json, pointer: string, findings: Findings): InputCase | undefined {
  const keys = ['name', 'weight', 'value', 'generate'];
  const fields = Fields.of(item, pointer, 'an input', keys, findings);
  const name = fields?.requiredText('name', 'what the case is called in reports');
  if (fields === undefined || name === undefined) return undefined;
  if (fields.has('value') === fields.has('generate')) {
    return findings.add(
      'which-input',
      pointer,
      fields.has('value') ? 'this input is both literal and generated' : 'this input says nothing',
      '"value" for a literal input, or "generate" for one that is drawn',
    );
  }
  return {
    name,
    weight: fields.number('weight', { min: 0 }) ?? 1,
    make: fields.has('value')
      ? literal(fields.raw('value') as Json)
      : compileTemplate(
          fields.raw('generate') as Json,
          fields.at('generate'),
          (at, message, expected) => findings.add('bad-template', at, message, expected),
        ),
  };
}

function readWorkloads(inputs: Fields, cases: readonly InputCase[]): Map<string, Workload> {
  const { findings } = inputs;
  const workloads = new Map<string, Workload>();
  const value = inputs.raw('workloads');
  if (value === undefined) return workloads;
  const fields = Fields.of(value, inputs.at('workloads'), '"workloads"', undefined, findings);
  const rule = { min: 1, max: WORKLOAD_MAX, whole: true };
  for (const name of fields?.keys ?? []) {
    if (fields === undefined) break;
    const each = fields.raw(name);
    if (typeof each === 'number') {
      const count = fields.number(name, rule);
      if (count !== undefined) workloads.set(name, { count, cases });
      continue;
    }
    const what = `the workload ${quote(name)}`;
    const parts = Fields.of(each, fields.at(name), what, ['count', 'cases'], findings);
    const count = parts?.require('count', 'how many runs')
      ? parts.number('count', rule)
      : undefined;
    if (parts === undefined || count === undefined) continue;
    workloads.set(name, { count, cases: chosen(parts, cases) });
  }
  return workloads;
}

function chosen(workload: Fields, cases: readonly InputCase[]): readonly InputCase[] {
  const names = workload.list('cases');
  if (names === undefined) return cases;
  const found: InputCase[] = [];
  for (const [index, name] of names.entries()) {
    const one = cases.find((each) => each.name === name);
    if (one !== undefined) found.push(one);
    else {
      const known = cases.map((each) => each.name);
      const hint = typeof name === 'string' ? didYouMean(name, known) : undefined;
      workload.findings.add(
        'unknown-case',
        `${workload.at('cases')}/${index}`,
        `there is no case ${typeof name === 'string' ? quote(name) : 'of that name'}`,
        known.join(', '),
        hint === undefined ? {} : { hint },
      );
    }
  }
  return found.length === 0 ? cases : found;
}
