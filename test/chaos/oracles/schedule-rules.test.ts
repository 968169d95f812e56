/*
 * What the oracle of schedules says of rules and of cron, by a calendar of its own.
 */
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/chaos/oracles/log-reading.ts';
import { Verdict } from '../../../src/chaos/oracles/oracle.ts';
import { checkCron, checkRule } from '../../../src/chaos/oracles/p4-schedule-rules.ts';
import type { WorkflowDocument } from '../../../src/dsl/document.ts';
import type { ScheduleRule } from '../../../src/wire/record.ts';

const DEFINITION = { namespace: 'test', name: 'made', version: '1.0.0' };

function entryOf(rule: ScheduleRule): Entry {
  const body = { kind: 'SCHEDULE', definition: DEFINITION, rule } as const;
  return { body, header: { run: 'schedule' }, named: 'SCHEDULE at 3 of partition 0' } as Entry;
}

describe('the rule of a SCHEDULE', () => {
  const document = {
    document: { dsl: '1.0.3', ...DEFINITION, metadata: { timezone: 'Asia/Kolkata' } },
    schedule: { cron: '0 9 * * *' },
    do: [],
  } as WorkflowDocument;
  const said = (rule: ScheduleRule, of = document): string => {
    const verdict = new Verdict('P4', 'p4-schedules');
    checkRule(entryOf(rule), of, verdict);
    return verdict.violations.map((one) => one.said).join();
  };

  it('is that of its document', () => {
    expect(said({ cron: '0 9 * * *', zone: 'Asia/Kolkata' })).toBe('');
    expect(said({ cron: '0 9 * * *', zone: 'UTC' })).toMatch(/its document says .*Asia\/Kolkata/);
    expect(said({ cron: '0 9 * * *' })).toMatch(/its document says/);
    expect(said({ after: 3_600_000 })).toMatch(/its document says/);
    const hourly = { ...document, schedule: { every: { hours: 1 } } } as WorkflowDocument;
    expect(said({ every: 3_600_000, anchor: 17 }, hourly)).toBe('');
    expect(said({ every: 60_000, anchor: 17 }, hourly)).toMatch(/3600000/);
  });

  it('is nothing to be judged by the document of another version', () => {
    const other = { ...document, document: { ...document.document, version: '1.0.1' } };
    expect(said({ every: 1 }, other)).toBe('');
  });
});

describe('a time of cron', () => {
  const said = (cron: string, zone: string, late: string, due: string): string => {
    const verdict = new Verdict('P4', 'p4-schedules');
    checkCron(entryOf({}), { cron, zone }, Date.parse(late), Date.parse(due), verdict);
    return verdict.violations.map((one) => one.said).join();
  };

  it('is the first minute that fits', () => {
    const often = '*/2 5-6 * * *';
    const kolkata = (due: string): string =>
      said(often, 'Asia/Kolkata', '2026-01-01T00:03:20Z', due);
    expect(kolkata('2026-01-01T00:04:00Z')).toBe('');
    expect(kolkata('2026-01-01T00:06:00Z')).toMatch(/is due at \d+, not \d+/);
    expect(kolkata('2026-01-01T00:03:40Z')).toMatch(/is no time for/);
    // 06:58 there is the last of that day
    expect(said(often, 'Asia/Kolkata', '2026-01-01T01:28:00Z', '2026-01-01T23:30:00Z')).toBe('');
  });

  it('knows lists, ranges, steps and days of the week', () => {
    const monday = said(
      '15,45 8-10/2 * * 1',
      'UTC',
      '2026-01-01T00:00:00Z',
      '2026-01-01T08:15:00Z',
    );
    expect(monday).toMatch(/is no time for/);
    expect(said('15,45 8-10/2 * * *', 'UTC', '2026-01-01T08:50:00Z', '2026-01-01T10:15:00Z')).toBe(
      '',
    );
    expect(
      said('15,45 8-10/2 * * *', 'UTC', '2026-01-01T08:50:00Z', '2026-01-01T09:15:00Z'),
    ).toMatch(/is no time for/);
  });

  it('says nothing of what it does not understand, nor where the clocks change', () => {
    expect(said('0 9 * * MON', 'UTC', '2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z')).toBe('');
    expect(
      said('30 2 * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-29T01:00:00Z'),
    ).toBe('');
  });
});
