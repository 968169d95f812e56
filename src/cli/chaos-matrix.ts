/*
 * Coverage as matrices: fault kind x point, and fault kind x State - where the run stood that was struck -
 * with the cells that the profile can plan and that never fired standing out as empty.
 */
import { type Cell, CELLS } from '../chaos/catalogue.ts';
import type { Coverage } from '../chaos/coverage.ts';
import type { Profile } from '../chaos/profile.ts';
import type { Matrix, MatrixCell } from '../report/chaos-model.ts';
import { faultOrder, faultWords, pointOrder, pointWords } from './chaos-words.ts';

const RECOVERY = 'recovery: ';

interface Column {
  readonly point: string;
  readonly kind: string | undefined;
}

/** `listens`: somebody does in this scenario; without it there are no faults of events. */
export function matrixOf(profile: Profile, coverage: Coverage, listens: boolean): Matrix {
  const shown = (cells: readonly Cell[]): readonly Cell[] =>
    listens ? cells : cells.filter(({ events }) => events !== true);
  const columns = columnsOf(shown(CELLS));
  const cells = shown(profile.cells);
  const possible = new Set(cells.map(({ action, ...cell }) => `${action} ${nameOf(cell)}`));
  const fired = new Map<string, { fired: number; recovering: number }>();
  for (const [name, count] of coverage.cells) {
    const [kind = '', point = '', state = ''] = name.split(' @ ');
    const key = `${kind} ${nameOf(placeOf(point, state))}`;
    const cell = fired.get(key) ?? { fired: 0, recovering: 0 };
    fired.set(key, cell);
    cell.fired += count;
    if (state.startsWith(RECOVERY)) cell.recovering += count;
  }
  const kinds = [
    ...new Set([...cells.map(({ action }) => action as string), ...coverage.kinds.keys()]),
  ].sort((a, b) => faultOrder(a) - faultOrder(b));
  return {
    columns: columns.map(({ kind, point }) => {
      const [group, label] = pointWords(point, kind);
      return { group, label };
    }),
    rows: kinds.map((kind) => ({
      kind,
      says: faultWords(kind),
      cells: columns.map((column): MatrixCell | undefined => {
        const key = `${kind} ${nameOf(column)}`;
        return fired.get(key) ?? (possible.has(key) ? { fired: 0, recovering: 0 } : undefined);
      }),
    })),
  };
}

/** Points at which a call is about one run. */
const OF_A_RUN: ReadonlySet<string> = new Set(['append', 'activity']);
const ENDS: Readonly<Record<string, string>> = { start: 'its start', end: 'its end' };
/** A page has room for so many; the places that were struck most stand for the rest. */
const STANDS_MAX = 24;

/** What was struck while the run stood where. */
export function statesOf(profile: Profile, coverage: Coverage): Matrix {
  const fired = new Map<string, { fired: number; recovering: number }>();
  const struck = new Map<string, number>();
  for (const [name, count] of coverage.cells) {
    const [kind = '', , state = '', stands = ''] = name.split(' @ ');
    if (stands === '') continue;
    struck.set(stands, (struck.get(stands) ?? 0) + count);
    const key = `${kind} ${stands}`;
    const cell = fired.get(key) ?? { fired: 0, recovering: 0 };
    fired.set(key, cell);
    cell.fired += count;
    if (state.startsWith(RECOVERY)) cell.recovering += count;
  }
  const most = [...struck].sort(([, a], [, b]) => b - a).slice(0, STANDS_MAX);
  const columns = most.map(([stands]) => stands).sort(byPlace);
  const possible = new Set<string>(
    profile.cells.filter(({ point }) => OF_A_RUN.has(point)).map(({ action }) => action),
  );
  const kinds = [...coverage.kinds.keys()]
    .filter((kind) => possible.has(kind) || columns.some((at) => fired.has(`${kind} ${at}`)))
    .sort((a, b) => faultOrder(a) - faultOrder(b));
  return {
    columns: columns.map((at) => ({
      group: GROUPS[rankOf(at)] ?? '',
      label: ENDS[at] ?? lastOf(at),
    })),
    rows:
      columns.length === 0
        ? []
        : kinds.map((kind) => ({
            kind,
            says: faultWords(kind),
            cells: columns.map((at): MatrixCell | undefined => {
              const none = possible.has(kind) ? { fired: 0, recovering: 0 } : undefined;
              return fired.get(`${kind} ${at}`) ?? none;
            }),
          })),
  };
}

/** In the order of the document; what an error or an undo leads to comes after what leads there. */
function byPlace(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || a.localeCompare(b, 'en', { numeric: true });
}

const GROUPS = ['', 'the run stood at', 'in a catch', 'undoing', ''];

function rankOf(at: string): number {
  if (at === 'start') return 0;
  if (at === 'end') return 4;
  if (at.includes('/compensate/')) return 3;
  return at.includes('/catch/') ? 2 : 1;
}

/** `/do/1/paying/try/0/pay`: pay */
function lastOf(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf('/') + 1);
}

/** Appends have a column for each kind of record, other calls one each. */
function columnsOf(cells: readonly Cell[]): Column[] {
  const columns = new Map<string, Column>();
  for (const { kind, point } of cells) columns.set(nameOf({ kind, point }), { kind, point });
  return [...columns.values()].sort((a, b) => pointOrder(a.point) - pointOrder(b.point));
}

/** A batch counts for its most telling record: a STEP that comes with a RESUME is a RESUME. */
function placeOf(point: string, state: string): Column {
  if (point !== 'append') return { point, kind: undefined };
  const kinds = state.replace(RECOVERY, '').split('+');
  return { point, kind: kinds.find((kind) => kind !== 'STEP') ?? kinds[0] };
}

function nameOf({
  kind,
  point,
}: {
  readonly kind?: string | undefined;
  readonly point: string;
}): string {
  return point === 'append' ? `${point} ${kind}` : point;
}
