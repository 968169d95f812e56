/*
 * Coverage as a matrix: fault kind x point, with the cells that the profile can plan and that never
 * fired standing out as empty.
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
