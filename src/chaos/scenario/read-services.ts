/*
 * The `services` of a scenario: latency, failures, answers, and what takes back what.
 */
import { didYouMean, quote } from '../../dsl/problem.ts';
import { type Json, pointerStep } from '../../wire/json.ts';
import type { WorkflowError } from '../../wire/state.ts';
import { Fields, type Findings, isObject, readNumber } from './fields.ts';
import type { Failure, Service } from './format.ts';
import { fixed, type Latency, LATENCY_MAX_MS, lognormal, mixture, uniform } from './latency.ts';

const ERRORS = 'https://open-workflow-specification.org/spec/1.0.0/errors/';
const STANDARD_ERRORS = [
  'configuration',
  'validation',
  'expression',
  'authentication',
  'authorization',
  'timeout',
  'communication',
  'runtime',
];
const SHARE = { min: 0, max: 1 } as const;
const MILLISECONDS = { min: 0, max: LATENCY_MAX_MS } as const;

export function readServices(
  value: Json | undefined,
  pointer: string,
  findings: Findings,
): Map<string, Service> {
  const services = new Map<string, Service>();
  if (value === undefined) return services;
  const fields = Fields.of(value, pointer, '"services"', undefined, findings);
  for (const name of fields?.keys ?? []) {
    const service = readService(name, fields?.raw(name) as Json, `${fields?.at(name)}`, findings);
    if (service !== undefined) services.set(name, service);
  }
  for (const { name, undoes } of services.values()) {
    if (undoes === undefined || services.has(undoes)) continue;
    const hint = didYouMean(undoes, services.keys());
    findings.add(
      'unknown-service',
      `${pointer}/${pointerStep(name)}/undoes`,
      `there is no service ${quote(undoes)}`,
      'the name of a service of this scenario',
      hint === undefined ? {} : { hint },
    );
  }
  return services;
}

function readService(
  name: string,
  value: Json,
  pointer: string,
  findings: Findings,
): Service | undefined {
  const keys = ['latency', 'heartbeat', 'stoppable', 'failures', 'answer', 'undoes', 'subject'];
  // `name: {}` and `name:` both mean: it answers at once with an empty object.
  const fields = Fields.of(value ?? {}, pointer, `the service ${quote(name)}`, keys, findings);
  if (fields === undefined) return undefined;
  const failures = (fields.list('failures') ?? []).map((item, index) =>
    readFailure(item, `${fields.at('failures')}/${index}`, findings),
  );
  return {
    name,
    latency: readLatency(fields.raw('latency'), fields.at('latency'), findings) ?? fixed(0),
    heartbeat: fields.number('heartbeat', { ...MILLISECONDS, min: 1 }),
    stoppable: readStoppable(fields),
    failures: failures.filter((failure) => failure !== undefined),
    answer: fields.jq('answer'),
    undoes: fields.text('undoes'),
    subject: fields.jq('subject'),
  };
}

function readStoppable(fields: Fields): boolean {
  const value = fields.raw('stoppable');
  if (value !== undefined && typeof value !== 'boolean') fields.wrong('stoppable', 'true or false');
  return value === true;
}

function readFailure(item: Json, pointer: string, findings: Findings): Failure | undefined {
  const keys = ['name', 'probability', 'when', 'first', 'error', 'applied', 'latency'];
  const fields = Fields.of(item, pointer, 'a failure', keys, findings);
  if (fields === undefined) return undefined;
  if (!fields.has('probability') && !fields.has('when') && !fields.has('first')) {
    findings.add(
      'always-fails',
      pointer,
      'nothing says when this failure strikes',
      '"probability", "when" or "first"',
      { hint: 'write `probability: 1` for a service that always fails' },
    );
  }
  const error = fields.require('error', 'the error that the caller hears')
    ? readError(fields.raw('error') as Json, fields.at('error'), findings)
    : undefined;
  if (error === undefined) return undefined;
  return {
    name: fields.text('name') ?? error.title,
    probability: fields.number('probability', SHARE) ?? 1,
    when: fields.jq('when'),
    first: fields.number('first', { min: 1, whole: true }) ?? Infinity,
    error,
    applied: readApplied(fields),
    latency: readLatency(fields.raw('latency'), fields.at('latency'), findings),
  };
}

/** true, false, or a share: whether the effect is there although the caller heard an error. */
function readApplied(fields: Fields): number {
  const value = fields.raw('applied');
  if (value === undefined) return 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return fields.number('applied', SHARE) ?? 0;
  fields.wrong('applied', 'true, false, or a share from 0 to 1');
  return 0;
}

function readError(value: Json, pointer: string, findings: Findings): WorkflowError | undefined {
  const keys = ['type', 'status', 'title', 'detail'];
  const fields = Fields.of(value, pointer, 'the error', keys, findings);
  if (fields === undefined) return undefined;
  const type = fields.requiredText('type', `a URI, or one of ${STANDARD_ERRORS.join(', ')}`);
  if (type !== undefined && !type.includes(':') && !STANDARD_ERRORS.includes(type)) {
    const hint = didYouMean(type, STANDARD_ERRORS);
    findings.add(
      'unknown-error-type',
      fields.at('type'),
      `${quote(type)} is no standard error`,
      `a URI, or one of ${STANDARD_ERRORS.join(', ')}`,
      hint === undefined ? {} : { hint },
    );
  }
  const status = fields.require('status', 'an HTTP status')
    ? fields.number('status', { min: 100, max: 599, whole: true })
    : undefined;
  if (type === undefined || status === undefined) return undefined;
  const detail = fields.text('detail');
  return {
    type: type.includes(':') ? type : ERRORS + type,
    status,
    title: fields.text('title') ?? type,
    ...(detail === undefined ? {} : { detail }),
  };
}

/** A number of milliseconds, or one of fixed, uniform, lognormal, mixture. */
export function readLatency(
  value: Json | undefined,
  pointer: string,
  findings: Findings,
): Latency | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number') {
    const ms = readNumber(value, pointer, MILLISECONDS, findings);
    return ms === undefined ? undefined : fixed(ms);
  }
  const kinds = ['fixed', 'uniform', 'lognormal', 'mixture'];
  const fields = Fields.of(value, pointer, 'a latency', [...kinds, 'weight', 'name'], findings);
  if (fields === undefined) return undefined;
  const kind = kinds.filter((each) => fields.has(each));
  if (kind.length !== 1) {
    return findings.add(
      'which-latency',
      pointer,
      kind.length === 0 ? 'this latency says no time' : `this latency has ${kind.join(' and ')}`,
      'one of fixed, uniform, lognormal, mixture',
    );
  }
  switch (kind[0]) {
    case 'fixed': {
      const ms = fields.number('fixed', MILLISECONDS);
      return ms === undefined ? undefined : fixed(ms);
    }
    case 'uniform': {
      const { from, to } = fields.bounds('uniform', MILLISECONDS, { from: 0, to: 0 });
      return uniform(from, to);
    }
    case 'lognormal':
      return readLognormal(fields, findings);
    default:
      return readMixture(fields, findings);
  }
}

function readLognormal(outer: Fields, findings: Findings): Latency | undefined {
  const pointer = outer.at('lognormal');
  const fields = Fields.of(
    outer.raw('lognormal'),
    pointer,
    '"lognormal"',
    ['p50', 'p99'],
    findings,
  );
  if (fields === undefined) return undefined;
  if (
    !fields.require('p50', 'the median, ms') ||
    !fields.require('p99', 'the 99th percentile, ms')
  ) {
    return undefined;
  }
  const p50 = fields.number('p50', { ...MILLISECONDS, min: 1 });
  const p99 = fields.number('p99', { ...MILLISECONDS, min: 1 });
  if (p50 === undefined || p99 === undefined) return undefined;
  if (p99 < p50) return fields.wrong('p99', `a number not below the median, ${p50}`);
  return lognormal(p50, p99);
}

function readMixture(outer: Fields, findings: Findings): Latency | undefined {
  const parts = (outer.list('mixture') ?? []).map((item, index) => {
    const pointer = `${outer.at('mixture')}/${index}`;
    const latency = readLatency(item, pointer, findings);
    const weight = isObject(item) ? item['weight'] : undefined;
    if (typeof weight !== 'number' || weight <= 0) {
      return findings.add(
        'missing',
        pointer,
        'this part of the mixture has no weight',
        '"weight": how often it comes, against the other parts',
      );
    }
    return latency === undefined ? undefined : { weight, latency };
  });
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : mixture(known);
}
