/*
 * A scenario's value (YAML read to JSON) to its parts; the workflow is left to load.ts.
 */
import { didYouMean, quote } from '../../dsl/problem.ts';
import type { Json } from '../../wire/json.ts';
import type { RecordKind } from '../../wire/record.ts';
import { Fields, type Findings, readExpression, readNumber } from './fields.ts';
import type { Count, FaultBounds, Invariant, OutcomePath, Scenario, Writes } from './format.ts';
import { jqInvariant } from './invariants.ts';
import { readEvents } from './read-events.ts';
import { readInputs } from './read-inputs.ts';
import { readServices } from './read-services.ts';

export type ScenarioParts = Omit<
  Scenario,
  'definition' | 'document' | 'file' | 'hash' | 'workflows'
>;

const KEYS = [
  'name',
  'summary',
  'workflow',
  'files',
  'workflows',
  'inputs',
  'services',
  'events',
  'faults',
  'cancels',
  'suspends',
  'keeps',
  'scheduledFor',
  'invariants',
  'outcomes',
];

export const PROFILES = [
  'calm',
  'engine',
  'flaky',
  'crashy',
  'zombie',
  'database',
  'clock',
  'upgrade',
  'hostile',
  'lossy-broker',
  'lossy-store',
  'everything',
];

/** Kinds that the write budget counts for a run (PROTOCOL.md, Write budget). */
const COUNTED: readonly RecordKind[] = ['STEP', 'PARK', 'RESUME', 'CANCELLING', 'END', 'ANSWER'];

export function readScenario(value: Json, findings: Findings): ScenarioParts {
  const fields = Fields.of(value, '', 'a scenario', KEYS, findings);
  const name = fields?.requiredText('name', 'what the scenario is called');
  const summary = fields?.requiredText('summary', 'what it shows, in a sentence or two');
  fields?.require('workflow', 'a workflow document, or { file: path }');
  if (name !== undefined && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    fields?.wrong('name', 'lower-case words joined by hyphens');
  }
  const { invariants, modules } = readInvariants(fields);
  return {
    name: name ?? '',
    summary: summary ?? '',
    inputs: readInputs(fields?.raw('inputs'), '/inputs', findings),
    services: readServices(fields?.raw('services'), '/services', findings),
    events: readEvents(fields),
    faults: readFaults(fields?.raw('faults'), findings),
    cancels: fields?.number('cancels', { min: 0, max: 1 }) ?? 0,
    suspends: fields?.number('suspends', { min: 0, max: 1 }) ?? 0,
    keeps: fields?.number('keeps', { min: 0, max: 1 }) ?? 0,
    scheduledFor: fields?.number('scheduledFor', { min: 1_000, max: 86_400_000 }),
    invariants,
    modules,
    outcomes: readOutcomes(fields),
  };
}

function readFaults(value: Json | undefined, findings: Findings): FaultBounds {
  const keys = ['profile', 'instances', 'runners', 'partitions', 'faults'];
  const fields = Fields.of(value ?? {}, '/faults', '"faults"', keys, findings);
  const profile = fields?.text('profile');
  if (profile !== undefined && !PROFILES.includes(profile)) {
    const hint = didYouMean(profile, PROFILES);
    findings.add(
      'unknown-profile',
      '/faults/profile',
      `there is no fault profile ${quote(profile)}`,
      PROFILES.join(', '),
      hint === undefined ? {} : { hint },
    );
  }
  const bounds = (key: string, min: number, max: number, from: number, to: number) =>
    fields?.bounds(key, { min, max, whole: true }, { from, to }) ?? { from, to };
  return {
    profile: profile ?? 'everything',
    instances: bounds('instances', 1, 10_000, 1, 8),
    runners: bounds('runners', 1, 16, 1, 3),
    partitions: bounds('partitions', 1, 64, 1, 3),
    faults: bounds('faults', 0, 100, 0, 12),
  };
}

function readInvariants(scenario: Fields | undefined): {
  invariants: Invariant[];
  modules: string[];
} {
  const invariants: Invariant[] = [];
  const modules: string[] = [];
  for (const [index, item] of (scenario?.list('invariants') ?? []).entries()) {
    const pointer = `/invariants/${index}`;
    const keys = ['name', 'run', 'world', 'message', 'module'];
    const findings = scenario?.findings as Findings;
    const fields = Fields.of(item, pointer, 'an invariant', keys, findings);
    if (fields === undefined) continue;
    if (fields.has('module')) {
      const module = fields.text('module');
      if (module !== undefined) modules.push(module);
      continue;
    }
    const name = fields.requiredText('name', 'what the invariant is called in reports');
    if (fields.has('run') === fields.has('world')) {
      findings.add(
        'which-invariant',
        pointer,
        fields.has('run')
          ? 'this invariant is about both a run and the world'
          : 'this invariant says nothing',
        '"run" (jq over each run), "world" (jq over all) or "module"',
      );
      continue;
    }
    const of = fields.has('run') ? 'run' : 'world';
    const holds = fields.jq(of);
    if (name === undefined || holds === undefined) continue;
    invariants.push(jqInvariant(name, of, holds, fields.text('message') ?? 'it does not hold'));
  }
  return { invariants, modules };
}

function readOutcomes(scenario: Fields | undefined): OutcomePath[] {
  const outcomes: OutcomePath[] = [];
  for (const [index, item] of (scenario?.list('outcomes') ?? []).entries()) {
    const pointer = `/outcomes/${index}`;
    const findings = scenario?.findings as Findings;
    const keys = ['path', 'when', 'share', 'writes'];
    const fields = Fields.of(item, pointer, 'an outcome', keys, findings);
    const path = fields?.requiredText('path', 'what the path is called');
    const named = fields?.require('when', 'jq over the run: true for runs that took this path');
    const when = named ? fields?.jq('when') : undefined;
    if (fields === undefined || path === undefined || when === undefined) continue;
    if (outcomes.some((each) => each.path === path)) {
      const message = `there is a path ${quote(path)} already`;
      findings.add(
        'duplicate-name',
        `${pointer}/path`,
        message,
        'a name of its own for every path',
      );
    }
    const share = fields.number('share', { min: 0, max: 1 }) ?? 0;
    outcomes.push({ path, when, share, writes: readWrites(fields) });
  }
  return outcomes;
}

function readWrites(outcome: Fields): Writes | undefined {
  const { findings } = outcome;
  const value = outcome.raw('writes');
  if (value === undefined) return undefined;
  const keys = [...COUNTED, 'rows'];
  const fields = Fields.of(value, outcome.at('writes'), '"writes"', keys, findings);
  const records = new Map<string, Count>();
  let rows: Count = 0;
  for (const key of fields?.keys ?? []) {
    const count = readCount(fields?.raw(key) as Json, fields?.at(key) ?? '', findings);
    if (count === undefined) continue;
    if (key === 'rows') rows = count;
    else records.set(key, count);
  }
  return { records, rows };
}

function readCount(value: Json, pointer: string, findings: Findings): Count | undefined {
  return typeof value === 'string'
    ? readExpression(value, pointer, findings)
    : readNumber(value, pointer, { min: 0, whole: true }, findings);
}
