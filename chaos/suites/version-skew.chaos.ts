/*
 * Version skew. Runners are replaced one after the other while runs are under way: who resumes a run has
 * not begun it, and perhaps is of another build. A run stays with the definition it began with, and what
 * one process left in the middle the next one finishes (P8, P9).
 */
import { chaosTest, describe } from '../../src/vitest/index.ts';
import { runs } from './tier.ts';

describe('version skew', () => {
  chaosTest(
    'runs that wait for days are finished by others',
    '../../scenarios/document-approval.yaml',
    {
      profile: 'upgrade',
      runs: runs(),
      instances: [1, 4],
    },
  );
  chaosTest('workflows that run workflows', '../../scenarios/child-workflows.yaml', {
    profile: 'upgrade',
    runs: runs(),
    instances: [1, 4],
  });
  chaosTest('a pinned catalog stays what it was', '../../scenarios/month-end.yaml', {
    profile: 'upgrade',
    runs: runs(),
    instances: [1, 4],
  });
});
