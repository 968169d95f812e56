/*
 * replayTest: a recorded trace as a test. Every step in it is made again, by this build or with other
 * definitions; what differs fails the test with the first difference of each group.
 *
 * Invariant: nothing passes unseen. What cannot be checked fails as well, unless it is accepted, and what
 * is accepted and does not come up any more fails too.
 */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { examineTrace, TraceRefused } from '../presets/traces.ts';
import type { FindingGroup } from '../trace/tally.ts';
import { groupLines, plainText } from '../trace/words.ts';
import { findHost, shownPath } from './host.ts';

export interface ReplayTestOptions {
  /** workflow documents, or folders of them, that are tried in the places of the recorded ones */
  readonly against?: string | readonly string[];
  /** how recorded tasks are called there: old name or JSON pointer -> the new one */
  readonly map?: { readonly [old: string]: string };
  /** differences that are as they should be, each by its name as the failing test gives it, and why */
  readonly accept?: { readonly [difference: string]: string };
}

const PATIENCE_MS = 600_000;
const host = await findHost();

/**
 * Replays a trace in a test.
 *
 * @param trace path of a file that `waybill record` or `waybill trace cut` made, from the folder of the
 *   suite, or a file: URL
 */
export function replayTest(trace: string | URL, options: ReplayTestOptions = {}): void {
  const suite = host.file();
  if (suite === undefined) throw new Error('replayTest: call it where tests are called');
  const place = (path: string | URL): string =>
    path instanceof URL || path.startsWith('file:')
      ? fileURLToPath(path)
      : resolve(dirname(suite), path);
  const file = place(trace);
  const { accept = {}, against = [], map = {} } = options;
  const documents = (typeof against === 'string' ? [against] : against).map(place);
  const tried = documents.length === 0 ? '' : ` against ${documents.map(shownPath).join(' ')}`;
  const settings = { timeout: PATIENCE_MS, retry: 0 };
  host.test(`${shownPath(file)} replays equal${tried}`, settings, async () => {
    const rules = Object.entries(map).map(([old, now]) => `${old}=${now}`);
    const { problems, tally } = await saying(() =>
      examineTrace({ file, against: documents, map: rules }),
    );
    const lines: string[] = [];
    for (const { at, block, said } of problems) lines.push(`block ${block} at byte ${at}: ${said}`);
    if (tally.hops === 0) lines.push('the trace has no step');
    const names = new Set(tally.groups.map(nameOf));
    for (const group of tally.groups) {
      if (accept[nameOf(group)] === undefined) {
        lines.push(
          plainText(groupLines(group)),
          `  accept it as: ${JSON.stringify(nameOf(group))}`,
        );
      }
    }
    for (const name of Object.keys(accept)) {
      if (!names.has(name)) lines.push(`accepted, and it does not differ any more: ${name}`);
    }
    if (lines.length > 0) throw new Differs(lines.join('\n'));
  });
}

/** What a difference is known by, as long as it is the same one. */
export function nameOf({ first, kind }: FindingGroup): string {
  const { differences, responsible, said, workflow } = first;
  const place = differences[0]?.at ?? said;
  return [kind, workflow, responsible.task, place.replaceAll(/\d+/g, '#')].join(' ');
}

/** What a test fails with: words for people, and no stack. */
class Differs extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Differs';
    this.stack = '';
  }
}

async function saying<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TraceRefused) throw new Differs(error.message);
    throw error;
  }
}
