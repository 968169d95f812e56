/*
 * The chaos page: whole, self-contained, and safe whatever the names in it are.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chaosHtml } from '../../src/report/chaos-html.ts';
import type { CampaignReport, RunReport, Timeline } from '../../src/report/chaos-model.ts';
import { layout } from '../../src/report/chaos-timeline-layout.ts';

const HOSTILE = `</script><script>alert(1)</script>"'><img src=x onerror=alert(2)>\u0000&amp;\u2028`;

function timeline(name: string, marks = 30): Timeline {
  return {
    lanes: [
      { label: name, kind: 'client' },
      { label: 'runner-1', kind: 'runner' },
      { label: 'partition 0', kind: 'partition' },
      { label: 'Store', kind: 'store' },
      { label: 'services', kind: 'services' },
    ],
    marks: Array.from({ length: marks }, (_, at) => ({
      at: at * at * 10,
      lane: at % 5,
      kind: (['start', 'fault', 'record', 'life', 'call'] as const)[at % 5] ?? 'record',
      label: name,
      void: at % 7 === 0,
      minor: false,
      accused: at === 12,
      instance: at % 3,
      title: name,
      details: [{ name, value: name, was: name }],
    })),
    spans: [
      { lane: 1, from: 0, to: 900, kind: 'up', title: name },
      { lane: 1, from: 100, to: 500, kind: 'frozen', title: name },
      { lane: 3, from: 50, to: 60_000, kind: 'parked', title: name, instance: 1 },
    ],
    arrows: [{ from: 2, to: 9, kind: 'calls' }],
    instances: [0, 1, 2].map((id) => ({ id, label: name })),
    healedAt: 1_000,
    endedAt: 90_000,
    leftOut: 3,
  };
}

function run(name: string): RunReport {
  return {
    where: name,
    size: { instances: 1, runners: 2, partitions: 1, faults: 2 },
    story: [`1. ${name}`, `-  never fired: ${name}`],
    token: name,
    command: name,
    traceHash: name,
    timeline: timeline(name),
  };
}

function campaign(name: string): CampaignReport {
  return {
    scenario: name,
    summary: name,
    file: name,
    profile: { name, says: name },
    seed: 1,
    verdict: 'broken',
    interrupted: true,
    sizes: { instances: '1-3', runners: '2', partitions: '2' },
    counts: {
      runs: 1_234,
      corpusRuns: 1,
      repeated: 3,
      instances: 9,
      steps: 10,
      faults: 11,
      checks: 12,
      takeovers: 13,
      voidRecords: 14,
      inconclusive: 0,
      elapsedMs: 1_000,
      runsPerSecond: 1.5,
      stepsPerSecond: 2,
      workers: 1,
    },
    promises: [
      { id: name, says: name, checks: 3, broken: 1, parts: [{ name, says: name, checks: 3 }] },
    ],
    faults: [{ kind: name, says: name, planned: 3, fired: 1 }],
    matrix: {
      columns: [{ label: name, group: name }],
      rows: [{ kind: name, says: name, cells: [{ fired: 3, recovering: 1 }] }],
    },
    situations: [{ says: name, count: 1 }],
    gestures: [{ name, count: 0 }],
    outcomes: [{ path: name, instances: 1, share: 0.2, expected: 0.5, enough: false }],
    pace: [
      { ms: 500, runs: 1, steps: 3 },
      { ms: 1_000, runs: 2, steps: 9 },
    ],
    notes: [name],
    again: name,
    failure: {
      ...run(name),
      promise: name,
      says: name,
      violations: [{ promise: name, oracle: name, said: name }],
      minimal: true,
    },
    sample: run(name),
  };
}

function page(...campaigns: readonly CampaignReport[]): string {
  return chaosHtml({ made: '2026-01-01T00:00:00.000Z', version: '1', campaigns });
}

const VOID = new Set(['meta', 'input', 'br', 'img', 'link', 'hr']);

/** A strict reader of the HTML that the page is written in: every element closed, every quote paired. */
function wellFormed(html: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  const tag = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<>]*")?)*)\s*(\/?)>|<!doctype html>|</g;
  for (let match = tag.exec(html); match !== null; match = tag.exec(html)) {
    const [whole, slash, name, , closed] = match;
    if (whole === '<!doctype html>') continue;
    if (name === undefined)
      throw new Error(`a bare < at ${html.slice(match.index, match.index + 60)}`);
    names.push(name);
    if (slash === '/') expect(open.pop()).toBe(name);
    else if (closed !== '/' && !VOID.has(name)) {
      open.push(name);
      if (name !== 'script' && name !== 'style') continue;
      // What is in there is not markup; it ends at the first end tag.
      tag.lastIndex = html.indexOf(`</${name}`, tag.lastIndex);
    }
  }
  expect(open).toEqual([]);
  return names;
}

/** The page without its style and script, which are the same in every page. */
function markup(html: string): string {
  return html.replaceAll(/<(style|script)>[\s\S]*?<\/\1>/g, '');
}

test('the page is well-formed, and names cannot break out of it', () => {
  // As long as the hostile one: the width of a timeline follows the labels.
  const plain = wellFormed(page(campaign('x'.repeat(HOSTILE.length))));
  const hostile = wellFormed(page(campaign(HOSTILE)));
  expect(hostile).toEqual(plain);
  expect(plain.filter((name) => name === 'script')).toHaveLength(6);
  expect(page(campaign(HOSTILE))).not.toContain('\u0000');
});

test('several campaigns have a list of contents', () => {
  const html = page(campaign('one'), { ...campaign('two'), verdict: 'held' });
  wellFormed(html);
  expect(html).toContain('<a href="#c1">two</a>');
});

test('whatever names are, the page stays whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (name) => {
      const shape = wellFormed(page(campaign('x'.repeat(name.length))));
      expect(wellFormed(page(campaign(name)))).toEqual(shape);
    }),
    { numRuns: 30 },
  );
});

test('nothing is fetched from anywhere', () => {
  const html = page(campaign('plain'));
  expect(html).not.toMatch(/\b(?:https?:)?\/\/[a-z]/i);
  expect(html).not.toMatch(/@import|\bsrc=|<link|url\((?!#)/i);
});

test('a campaign of which nothing is known makes a page, too', () => {
  const { failure: _failure, sample: _sample, ...rest } = campaign('plain');
  const empty = {
    promises: [],
    faults: [],
    outcomes: [],
    pace: [],
    notes: [],
    situations: [],
    gestures: [],
  };
  const html = page({ ...rest, ...empty, verdict: 'nothing', matrix: { columns: [], rows: [] } });
  wellFormed(html);
  expect(markup(html)).not.toMatch(/NaN|undefined|Infinity/);
});

test('a timeline without marks is drawn, too', () => {
  const html = page({
    ...campaign('plain'),
    sample: { ...run('plain'), timeline: timeline('plain', 0) },
  });
  wellFormed(html);
  expect(markup(html)).not.toMatch(/NaN|undefined|Infinity/);
});

test('later marks never stand further left, marks of a lane never overlap', () => {
  const line = timeline('settlement-open', 80);
  const { marks } = layout(line);
  const rows = new Map<string, number>();
  for (const [index, box] of marks.entries()) {
    expect(box.x).toBeGreaterThanOrEqual(marks[index - 1]?.x ?? 0);
    if (line.marks[index]?.kind === 'life') continue;
    const row = `${line.marks[index]?.lane} ${box.y}`;
    expect(box.x).toBeGreaterThan(rows.get(row) ?? -1);
    rows.set(row, box.x + box.width);
  }
});
