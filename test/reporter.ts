/* Tells test/run.ts, over the channel to it, how each test of vitest ended. */
import './proofs/proves.ts';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node';

export type Report =
  | {
      readonly kind: 'passed';
      readonly file: string;
      /** rows of docs/dsl-coverage.md (test/proofs) */
      readonly proves: readonly string[];
      /** what it has to say although it passed (context.annotate) */
      readonly notes: readonly string[];
    }
  | {
      readonly kind: 'failed';
      readonly file: string;
      readonly name: string;
      readonly details: string;
    }
  | {
      readonly kind: 'skipped';
      readonly file: string;
      readonly name: string;
      readonly reason: string;
    }
  | { readonly kind: 'end' };

const STACK_LINES = 12;

export default class RunReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const file = test.module.relativeModuleId;
    const name = `${file} > ${test.fullName}`;
    const result = test.result();
    if (result.state === 'passed') {
      const notes = test.annotations().map(({ message }) => message);
      tell({ kind: 'passed', file, proves: test.meta().proves ?? [], notes });
    } else if (result.state === 'failed') {
      tell({ kind: 'failed', file, name, details: result.errors.map(details).join('\n') });
    } else {
      const note = result.state === 'skipped' ? result.note : undefined;
      const reason = note ?? (hasFailed(test) ? 'what comes before it failed' : 'no reason given');
      // With -t every other test is skipped: that is no news.
      if (!process.argv.includes('-t')) tell({ kind: 'skipped', file, name, reason });
    }
  }

  onTestSuiteResult(suite: TestSuite): void {
    this.#broken(suite, `${suite.module.relativeModuleId} > ${suite.fullName}`);
  }

  onTestModuleEnd(module: TestModule): void {
    this.#broken(module, module.relativeModuleId);
  }

  /** A file or suite that failed outside of its tests: an import, a hook. */
  #broken(part: TestSuite | TestModule, name: string): void {
    const file = 'module' in part ? part.module.relativeModuleId : part.relativeModuleId;
    const errors = part.errors();
    if (errors.length > 0) {
      tell({ kind: 'failed', file, name, details: errors.map(details).join('\n') });
    }
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: string,
  ): void {
    for (const error of unhandled) {
      tell({ kind: 'failed', file: '', name: 'outside of a test', details: details(error) });
    }
    if (modules.length === 0) {
      const text = 'no test file fits the filters';
      tell({ kind: 'failed', file: '', name: 'vitest', details: text });
    }
    if (reason !== 'interrupted') tell({ kind: 'end' });
  }
}

/** Whether a hook or the file around a test failed. */
function hasFailed(test: TestCase): boolean {
  for (let part = test.parent; ; part = part.parent) {
    if (part.errors().length > 0) return true;
    if (part.type === 'module') return false;
  }
}

function tell(report: Report): void {
  process.send?.(report);
}

function details(error: SerializedError): string {
  const stack = (error.stacks ?? []).map(
    ({ file, line, column, method }) => `    at ${method || 'test'} (${file}:${line}:${column})`,
  );
  const parts = [`${error.name ?? 'Error'}: ${error.message}`];
  if (typeof error.diff === 'string') parts.push(error.diff);
  parts.push(...stack.slice(0, STACK_LINES));
  if (error.cause !== undefined) parts.push(`caused by ${details(error.cause)}`);
  return parts.join('\n');
}
