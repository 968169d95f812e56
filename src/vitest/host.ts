/*
 * Who runs a suite: `waybill chaos`, which leaves itself where suites find it, or the worker of vitest
 * that this process is. A suite says the same in both.
 *
 * Invariant: the test functions are those of whoever runs the file, never a second copy of them.
 */
import { relative } from 'node:path';
import type { Sizes } from '../chaos/stage.ts';
import type { Exhaustiveness } from '../chaos/sweep-plan.ts';
import type { Conduct } from './job.ts';

/** As much of a test runner as suites use. */
export interface Host {
  describe(name: string, body: () => void): void;
  test: TestFunction & { readonly only: TestFunction; readonly skip: TestFunction };
  /** path of the suite that is being read */
  file(): string | undefined;
  /** absent = campaigns are made in this process */
  readonly conduct?: Conduct;
  /** what the command line says; it wins over the suite */
  readonly overrides?: Overrides;
}

export interface Overrides {
  readonly profile?: string;
  readonly seed?: number;
  readonly runs?: number;
  readonly forMs?: number;
  readonly sizes?: Sizes;
  readonly exhaustive?: Exhaustiveness;
  readonly corpus?: string;
  /** false = what breaks is not kept beside the suite: it is another engine that is tested */
  readonly keeps?: boolean;
}

type TestFunction = (
  name: string,
  options: { readonly timeout: number; readonly retry: number },
  body: (context: { readonly task: { readonly meta: object } }) => Promise<void>,
) => void;

/** What the engine needs; `waybill` itself fetches one where there is none (cli/launch.cjs). */
const NODE_MAJOR = 24;
const PLACE = Symbol.for('waybill.chaos.host');
const shared = globalThis as { [PLACE]?: Host; __vitest_worker__?: unknown };

/** Called before a suite is imported. */
export function install(host: Host): void {
  shared[PLACE] = host;
}

export async function findHost(): Promise<Host> {
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
    throw new Error(
      `waybill/vitest needs Node ${NODE_MAJOR} or newer, and this is ${process.version}: start vitest with a newer one (\`npx waybill chaos\` fetches its own)`,
    );
  }
  const installed = shared[PLACE];
  if (installed !== undefined) return installed;
  if (shared.__vitest_worker__ === undefined) {
    throw new Error(
      'a chaos suite is not a program: run it with `npx waybill chaos FILE.chaos.ts` or with vitest',
    );
  }
  const { describe, expect, test } = await import('vitest');
  return { describe, test: test as Host['test'], file: () => expect.getState().testPath };
}

/** A path as people read it: from here, where that is shorter. */
export function shownPath(path: string): string {
  const near = relative('.', path);
  return near !== '' && near.length < path.length ? near : path;
}
