import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkEvidence } from '../../../chaos/live/checker.ts';
import type { Evidence } from '../../../chaos/live/evidence.ts';
import { simulatedEvidence } from './simulated-evidence.ts';
import { TAMPERINGS } from './tampering.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

let evidence: Evidence;

beforeAll(async () => {
  evidence = await simulatedEvidence();
}, 60_000);

test('evidence that nobody touched holds, and every figure has something to count', async () => {
  const { figures, violations } = await checkEvidence(evidence);
  expect(violations).toEqual([]);
  expect(figures).toMatchObject({ acknowledged: 12, ended: 12, reference: { agreed: 12 } });
  expect(figures.zombies).toMatchObject({ stopped: 1, shown: 1 });
  expect(figures.timers.parked).toBeGreaterThan(0);
});

test.for(TAMPERINGS.map((one) => [one.name, one] as const))(
  'refused: %s',
  async ([, tampering]) => {
    const { violations } = await checkEvidence(tampering.tamper(evidence));
    expect([...new Set(violations.map(({ oracle }) => oracle))]).toContain(tampering.oracle);
  },
);

test('the checker shares no code with the engine that it judges', () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    // types are gone when it runs
    for (const [, kind = '', path = ''] of text.matchAll(
      /^(?:import|export)( type)? [^;]*?from '(\.[^']+)'/gm,
    )) {
      if (kind === '') visit(join(dirname(file), path));
    }
  };
  visit(join(ROOT, 'chaos', 'live', 'checker.ts'));
  const files = [...seen].map((file) => relative(ROOT, file));
  expect(files).toContain(join('src', 'chaos', 'oracles', 'log-reading.ts'));
  expect(files.filter((file) => /^src\/(runtime|core|presets|adapters)\//.test(file))).toEqual([]);
});
