/*
 * `waybill/vitest/runner`, for `test.runner` of vitest: what failed before is run first, so that --bail
 * and people hear of it at once. All else is as vitest does it.
 */
import { type RunnerTestFile, TestRunner } from 'vitest';
import { failedFirst } from './failed-first.ts';

export default class ChaosRunner extends TestRunner {
  onCollected(files: RunnerTestFile[]): void {
    for (const file of files) file.tasks = failedFirst(file.tasks);
  }
}
