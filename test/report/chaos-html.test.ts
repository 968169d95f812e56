/*
 * The chaos page: whole, self-contained, and safe whatever the names in it are.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chaosHtml } from '../../src/report/chaos-html.ts';
import type { CampaignReport } from '../../src/report/chaos-model.ts';
import { layout } from '../../src/report/chaos-timeline-layout.ts';
import { campaign, HOSTILE, run, timeline } from './made-report.ts';

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
  const { exhaustive: _swept, failure: _failure, sample: _sample, ...rest } = campaign('plain');
  const empty = {
    promises: [],
    groups: [],
    faults: [],
    outcomes: [],
    pace: [],
    notes: [],
    situations: [],
    gestures: [],
  };
  const none = { columns: [], rows: [] };
  const html = page({ ...rest, ...empty, verdict: 'nothing', matrix: none, states: none });
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
