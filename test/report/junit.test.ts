/*
 * JUnit XML and build annotations: read back as a build server reads them, whatever the texts hold.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { githubAnnotations, markdownSummary } from '../../src/report/annotations.ts';
import type { CampaignReport, ChaosReport } from '../../src/report/chaos-model.ts';
import { junitXml } from '../../src/report/junit.ts';
import { campaign, HOSTILE } from './made-report.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
  ...{ '#10': '\n', '#13': '\r', '#9': '\t' },
};

function unescaped(text: string): string {
  expect(text).not.toMatch(/[<>]/);
  return text.replaceAll(/&([^;]*);?/g, (whole, name: string) => {
    const sign = ENTITIES[name];
    if (sign === undefined) throw new Error(`no entity of XML: ${whole}`);
    return sign;
  });
}

/** A strict reader of XML: one root, every element closed, every attribute quoted. */
function parse(xml: string): Element {
  expect(xml).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(xml).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/);
  expect(xml.isWellFormed()).toBe(true);
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const rest = xml.slice(xml.indexOf('\n') + 1);
  const token = /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)|</g;
  for (const [whole, slash, name, words = '', closed, text] of rest.matchAll(token)) {
    const top = open.at(-1) as Element;
    if (text !== undefined) top.text += unescaped(text);
    else if (name === undefined) throw new Error(`a bare ${whole}`);
    else if (slash === '/') expect((open.pop() as Element).name).toBe(name);
    else {
      const pairs = [...words.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(
        ([, key = '', value = '']) => [key, unescaped(value)] as const,
      );
      expect(new Set(pairs.map(([key]) => key)).size).toBe(pairs.length);
      const element = { name, attributes: Object.fromEntries(pairs), children: [], text: '' };
      top.children.push(element);
      if (closed !== '/') open.push(element);
    }
  }
  expect(open).toEqual([root]);
  expect(root.children).toHaveLength(1);
  return root.children[0] as Element;
}

const SHAPE: Readonly<
  Record<string, { children: readonly string[]; attributes: readonly string[] }>
> = {
  testsuites: {
    children: ['testsuite'],
    attributes: ['name', 'tests', 'failures', 'errors', 'skipped', 'time'],
  },
  testsuite: {
    children: ['properties', 'testcase'],
    attributes: ['name', 'file', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp'],
  },
  properties: { children: ['property'], attributes: [] },
  property: { children: [], attributes: ['name', 'value'] },
  testcase: {
    children: ['failure', 'error', 'skipped'],
    attributes: ['name', 'classname', 'assertions', 'time'],
  },
  failure: { children: [], attributes: ['message', 'type'] },
  error: { children: [], attributes: ['message', 'type'] },
  skipped: { children: [], attributes: ['message'] },
};

/** The shape that build servers agree on; counts are those of what is inside. */
function validated(element: Element): Element {
  const shape = SHAPE[element.name];
  expect(shape, element.name).toBeDefined();
  expect(Object.keys(element.attributes)).toEqual(shape?.attributes);
  for (const child of element.children) {
    expect(shape?.children).toContain(child.name);
    validated(child);
  }
  const counted = (name: string): number =>
    element.children
      .filter((child) => child.name === 'testcase')
      .filter((child) => name === 'tests' || child.children.some((one) => one.name === name))
      .length;
  if (element.name === 'testsuite') {
    const kinds = { tests: 'tests', failures: 'failure', errors: 'error', skipped: 'skipped' };
    for (const [key, name] of Object.entries(kinds)) {
      expect([key, Number(element.attributes[key])]).toEqual([key, counted(name)]);
    }
    expect(element.attributes['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  }
  if (element.name === 'testsuites') {
    for (const key of ['tests', 'failures', 'errors', 'skipped'] as const) {
      const sum = element.children.reduce((total, one) => total + Number(one.attributes[key]), 0);
      expect(Number(element.attributes[key])).toBe(sum);
    }
  }
  for (const key of ['time', 'assertions', 'tests']) {
    const value = element.attributes[key];
    if (value !== undefined) expect(value).toMatch(/^\d+(?:\.\d+)?$/);
  }
  return element;
}

function reportOf(...campaigns: readonly CampaignReport[]): ChaosReport {
  return { made: '2026-01-01T00:00:00.000Z', version: '1', campaigns };
}

function broken(): CampaignReport {
  const report = campaign('orders');
  const violations = [{ promise: 'P3', oracle: 'p3-one-effect', said: 'charged <twice> & more' }];
  return {
    ...report,
    promises: [
      { id: 'P2', says: 'once', checks: 3, broken: 0, parts: [] },
      { id: 'P3', says: 'one effect', checks: 4, broken: 2, parts: [] },
      { id: 'P5', says: 'forks', checks: 0, broken: 0, parts: [] },
    ],
    ...(report.failure === undefined
      ? {}
      : { failure: { ...report.failure, promise: 'P3', violations, story: ['1. a crash'] } }),
    groups: [
      {
        ...{ oracle: 'p3-one-effect', promise: 'P3', faults: ['crash'], count: 2 },
        ...{
          said: 'charged <twice> & more',
          where: 'run 3',
          command: 'waybill chaos --replay wb1.x',
        },
      },
    ],
  };
}

describe('JUnit XML', () => {
  test('a broken promise is a failure with its story and its replay; nothing to check is skipped', () => {
    const [suite] = validated(parse(junitXml(reportOf(broken())))).children;
    expect(suite?.attributes).toMatchObject({
      name: 'orders',
      tests: '3',
      failures: '1',
      skipped: '1',
    });
    const cases = suite?.children.filter(({ name }) => name === 'testcase') ?? [];
    expect(cases.map(({ attributes }) => attributes['name'])).toEqual([
      'orders: P2 once',
      'orders: P3 one effect',
      'orders: P5 forks',
    ]);
    const failure = cases[1]?.children[0];
    expect(failure?.attributes).toEqual({
      message: 'charged <twice> & more',
      type: 'p3-one-effect',
    });
    expect(failure?.text).toContain('1. a crash');
    expect(failure?.text).toContain('replay: orders');
    expect(cases[2]?.children[0]?.name).toBe('skipped');
  });

  test.each(['inconclusive', 'nothing'] as const)('%s is an error, never a pass', (verdict) => {
    const { failure: _, ...rest } = broken();
    const [row] = rest.promises;
    const calm = { ...rest, groups: [], promises: row === undefined ? [] : [row], verdict };
    const root = validated(parse(junitXml(reportOf(calm))));
    expect(root.attributes).toMatchObject({ failures: '0', errors: '1' });
  });

  test('what failed before and is run again is a test of its own', () => {
    const replayed = [
      { suite: 'a/b.chaos.ts', name: 'x (failed with seed 1, run 2)', seconds: 0.25, said: '' },
      { suite: 'a/b.chaos.ts', name: 'y', seconds: 0, said: 'P3 is broken\n\nReplay it' },
    ];
    const root = validated(parse(junitXml(reportOf(), replayed)));
    expect(root.attributes).toMatchObject({ tests: '2', failures: '1', time: '0.250' });
    expect(root.children[1]?.children[0]?.children[0]?.attributes['message']).toBe('P3 is broken');
    expect(root.children[0]?.children[0]?.attributes['classname']).toBe('a.b.chaos.ts');
  });

  test('several campaigns add up; whatever names are, the XML stays whole', () => {
    validated(parse(junitXml(reportOf(campaign(HOSTILE), broken()))));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (name) => {
        validated(parse(junitXml(reportOf(campaign(name)))));
      }),
      { numRuns: 40 },
    );
  });
});

describe('annotations of a build', () => {
  test('one error for each group of failures, at the file', () => {
    const [line, ...more] = githubAnnotations(reportOf({ ...broken(), file: 'a,b:c.yaml' }));
    expect(more).toEqual([]);
    expect(line).toMatch(/^::error file=a%2Cb%3Ac\.yaml,line=1,title=orders%3A p3-one-effect::/);
    expect(line).toContain('%0A1. a crash%0A2 failures of this kind.%0AReplay it: waybill chaos');
    expect(line).not.toContain('\n');
  });

  test('nothing for what held, an error for what is neither good nor bad', () => {
    expect(githubAnnotations(reportOf({ ...broken(), verdict: 'held' }))).toEqual([]);
    const [line] = githubAnnotations(reportOf({ ...broken(), verdict: 'inconclusive' }));
    expect(line).toMatch(/^::error .*inconclusive::.*no pass/);
  });

  test('a test of a suite is at the file of the suite; what fails again is told', () => {
    const suite = 'suites/orders.chaos.ts';
    const lines = githubAnnotations(reportOf({ ...broken(), suite, test: 'survives' }), [
      { suite, name: 'again', seconds: 1, said: 'P1 is broken' },
      { suite, name: 'fine', seconds: 1, said: '' },
    ]);
    expect(lines.map((line) => line.split('::')[1])).toEqual([
      `error file=${suite},line=1,title=survives%3A p3-one-effect`,
      `error file=${suite},line=1,title=again fails again`,
    ]);
  });

  test('the summary of a job has a row for each campaign, and no markup of theirs', () => {
    const text = markdownSummary(reportOf(broken(), campaign('<img src=x> | `x`\n# y')));
    expect(text).toContain('| orders | ❌ broken | 1,234 | 11 | 12 | orders | 1 |');
    for (const line of text.split('\n')) {
      // Indented by four, a line is shown as it stands.
      if (!line.startsWith('    ')) expect(line).not.toMatch(/^# y|(?<!\\)[<`]/);
    }
    expect(text.split('\n').filter((line) => line.startsWith('| ')).length).toBe(3);
  });
});
