/* docs/faults.md says what the code does, and the catalogue of what is known to go wrong leaves nothing out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CELLS } from '../../../src/chaos/catalogue.ts';
import { RECIPES } from '../../../src/chaos/gestures.ts';
import { LOSSY, PROFILES } from '../../../src/chaos/profile.ts';
import { KNOWN_FAULTS } from './known-faults.ts';
import { faultsPage } from './page.ts';

describe('the catalogue of faults', () => {
  it('is told in docs/faults.md', () => {
    const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'faults.md');
    expect(readFileSync(page, 'utf8'), 'node test/chaos/faults/page.ts --write').toBe(faultsPage());
  });

  it('names every fault and every gesture that there is, and no other', () => {
    const named = new Set(KNOWN_FAULTS.flatMap(({ by = [] }) => by));
    const there = new Set(CELLS.map(({ action }) => action));
    // Part of a gesture only.
    expect([...named].filter((action) => !there.has(action))).toEqual(['thaw']);
    expect([...there].filter((action) => !named.has(action))).toEqual([]);
    const gestures = new Set(KNOWN_FAULTS.flatMap((known) => known.gestures ?? []));
    expect([...gestures].toSorted()).toEqual(RECIPES.map(({ name }) => name).toSorted());
  });

  it('says of everything how it is done, or why not', () => {
    for (const { always, by = [], gestures = [], id, not } of KNOWN_FAULTS) {
      const done = by.length + gestures.length > 0 || always !== undefined;
      expect(done || not !== undefined, id).toBe(true);
    }
    const letters = KNOWN_FAULTS.map(({ id }) => id[0]!);
    expect([...new Set(letters)].join('')).toBe('KDCPAVM');
    expect(new Set(KNOWN_FAULTS.map(({ id }) => id)).size).toBe(KNOWN_FAULTS.length);
  });

  it('draws every fault and every gesture from some profile, and losses from those that say so', () => {
    const drawn = new Set(PROFILES.flatMap(({ cells }) => cells));
    expect(CELLS.filter((cell) => !drawn.has(cell))).toEqual([]);
    const gestures = new Set(PROFILES.flatMap((profile) => profile.gestures));
    expect(gestures.size).toBe(RECIPES.length);
    const losing = /^(?:tail-lost|overtaken|store-failover)$/;
    for (const { cells, gestures: indices, name } of PROFILES) {
      const loses =
        cells.some(({ action }) => losing.test(action)) ||
        indices.some((index) => RECIPES[index]!.loses === true);
      expect(loses, name).toBe(LOSSY.has(name));
    }
  });
});
