/*
 * A chaos report as JUnit XML, the shape that build servers read: one testsuite for each campaign, one
 * testcase for each promise, so that a build's page says which promise broke of which workflow.
 *
 * Invariants: names do not hold seeds or counts, so that a build server sees one test over many builds;
 * what is neither good nor bad is an error, never a pass; the XML is well-formed whatever the texts hold.
 */
import type { CampaignReport, ChaosReport, PromiseRow } from './chaos-model.ts';

/** A test of a suite that is no campaign: the replay of what failed before. */
export interface ReplayedTest {
  readonly suite: string;
  readonly name: string;
  readonly seconds: number;
  /** what it failed with; empty = it passed */
  readonly said: string;
}

interface Suite {
  readonly name: string;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
  readonly seconds: number;
  readonly inside: string;
}

export function junitXml(report: ChaosReport, replayed: readonly ReplayedTest[] = []): string {
  const suites = [
    ...report.campaigns.map((campaign) => campaignSuite(campaign, report.made)),
    ...replayed.map((test) => replaySuite(test, report.made)),
  ];
  const sum = (key: 'tests' | 'failures' | 'errors' | 'skipped' | 'seconds'): number =>
    suites.reduce((total, suite) => total + suite[key], 0);
  const head = attributes({
    name: 'waybill chaos',
    tests: sum('tests'),
    failures: sum('failures'),
    errors: sum('errors'),
    skipped: sum('skipped'),
    time: seconds(sum('seconds')),
  });
  const body = suites.map(({ inside }) => inside).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${body}\n</testsuites>\n`;
}

function campaignSuite(campaign: CampaignReport, made: string): Suite {
  const { counts, file, profile, promises, scenario, seed, suite, test, verdict } = campaign;
  const name = test ?? scenario;
  const className = (suite ?? file).replaceAll(/[\\/]/g, '.');
  const cases = promises.map((row) => promiseCase(row, className, name, campaign));
  const unsure = verdict === 'inconclusive' || verdict === 'nothing';
  if (unsure) cases.push(unsureCase(className, name, campaign));
  const failures = promises.filter(({ broken }) => broken > 0).length;
  const skipped = promises.filter(({ broken, checks }) => broken === 0 && checks === 0).length;
  const total = {
    tests: cases.length,
    failures,
    errors: unsure ? 1 : 0,
    skipped,
    seconds: counts.elapsedMs / 1_000,
  };
  const properties = [
    ['scenario', file],
    ['profile', profile.name],
    ['seed', String(seed)],
    ['runs', String(counts.runs)],
    ['faults', String(counts.faults)],
    ['checks', String(counts.checks)],
    ['again', campaign.again],
  ].map(([key = '', value = '']) => `      <property${attributes({ name: key, value })}/>`);
  return {
    ...{ name, ...total },
    inside: element(name, suite ?? file, made, total, [
      `    <properties>\n${properties.join('\n')}\n    </properties>`,
      ...cases,
    ]),
  };
}

function promiseCase(
  { broken, checks, id, says }: PromiseRow,
  className: string,
  suite: string,
  campaign: CampaignReport,
): string {
  const name = id.startsWith('P') ? `${id} ${says}` : says;
  const head = attributes({
    name: `${suite}: ${name}`,
    classname: className,
    assertions: checks,
    time: '0',
  });
  if (broken === 0 && checks > 0) return `    <testcase${head}/>`;
  const inside =
    broken > 0
      ? failureText(campaign, id)
      : '      <skipped message="the scenario gave nothing to check"/>';
  return `    <testcase${head}>\n${inside}\n    </testcase>`;
}

/** The failure that is shown in full belongs to one promise; of others there are groups. */
function failureText({ failure, groups }: CampaignReport, id: string): string {
  const of = (promise: string): boolean =>
    promise === id ||
    (id === 'rules' && promise.startsWith('R')) ||
    (id === 'yours' && promise === 'scenario');
  const violations = failure?.violations.filter(({ promise }) => of(promise)) ?? [];
  const group = groups.find(({ promise }) => of(promise));
  const said = violations[0]?.said ?? group?.said ?? 'broken';
  const type = violations[0]?.oracle ?? group?.oracle ?? id;
  const lines =
    violations.length > 0 && failure !== undefined
      ? [
          ...violations.map((one) => `${one.said} (${one.oracle})`),
          '',
          ...(failure.story.length === 0
            ? ['no fault at all: it breaks by itself']
            : failure.story),
          '',
          `replay: ${failure.command}`,
        ]
      : [said, '', `replay: ${group?.command ?? ''}`];
  return `      <failure${attributes({ message: said, type })}>${escapeXml(lines.join('\n'))}</failure>`;
}

function unsureCase(className: string, suite: string, { counts, verdict }: CampaignReport): string {
  const said =
    verdict === 'nothing'
      ? 'no run was finished'
      : `${counts.inconclusive} of ${counts.runs} runs were cut off, or not all was tried: nothing is shown`;
  const head = attributes({
    name: `${suite}: every run comes to rest`,
    classname: className,
    assertions: counts.runs,
    time: '0',
  });
  return `    <testcase${head}>\n      <error${attributes({ message: said, type: verdict })}/>\n    </testcase>`;
}

function replaySuite({ name, said, seconds: time, suite }: ReplayedTest, made: string): Suite {
  const failures = said === '' ? 0 : 1;
  const total = { tests: 1, failures, errors: 0, skipped: 0, seconds: time };
  const head = attributes({
    name,
    classname: suite.replaceAll(/[\\/]/g, '.'),
    assertions: 1,
    time: seconds(time),
  });
  const inside =
    said === ''
      ? `    <testcase${head}/>`
      : `    <testcase${head}>\n      <failure${attributes({ message: said.split('\n')[0] ?? '', type: 'replay' })}>${escapeXml(said)}</failure>\n    </testcase>`;
  return { name, ...total, inside: element(name, suite, made, total, [inside]) };
}

function element(
  name: string,
  file: string,
  made: string,
  total: Pick<Suite, 'tests' | 'failures' | 'errors' | 'skipped' | 'seconds'>,
  inside: readonly string[],
): string {
  const head = attributes({
    name,
    file,
    tests: total.tests,
    failures: total.failures,
    errors: total.errors,
    skipped: total.skipped,
    time: seconds(total.seconds),
    timestamp: made.replace(/\.\d+Z$/, ''),
  });
  return `  <testsuite${head}>\n${inside.join('\n')}\n  </testsuite>`;
}

function seconds(value: number): string {
  return value.toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => {
      // A parser makes blanks of these in attributes, unless they are written so.
      const kept = escapeXml(String(value)).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
      return ` ${name}="${kept}"`;
    })
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
};

/** What no XML can hold becomes a dot: control characters, halves of pairs. */
function escapeXml(text: string): string {
  return (
    text
      .replaceAll(/[&<>"'\r]/g, (sign) => ENTITIES[sign] ?? sign)
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\u00B7')
      .replaceAll(
        /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
        '\u00B7',
      )
  );
}
