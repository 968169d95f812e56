/*
 * Sections of the chaos page: figures, promises, outcomes, faults, and the coverage matrix.
 */
import type { CampaignReport, Matrix, MatrixCell, Pace, PromiseRow } from './chaos-model.ts';
import { counted, decimal, escapeHtml, thousands, timeText } from './html.ts';

export function factsSection(report: CampaignReport): string {
  const { counts, pace, profile, sizes } = report;
  const of = (size: string, what: string): string => `${size} ${what}${size === '1' ? '' : 's'}`;
  const each = `${of(sizes.instances, 'instance')}, ${of(sizes.runners, 'runner')}, ${of(sizes.partitions, 'partition')} each`;
  const corpus = counts.corpusRuns === 0 ? '' : ` and ${counts.corpusRuns} of the corpus`;
  const tiles = [
    tile(thousands(counts.runs), `${counts.runs === 1 ? 'run' : 'runs'}${corpus}`, each),
    tile(thousands(counts.instances), 'instances', 'started, each to its end'),
    tile(thousands(counts.steps), 'durable steps', `${thousands(counts.stepsPerSecond)} a second`),
    tile(thousands(counts.faults), 'faults fired', `profile ${profile.name}: ${profile.says}`),
    tile(thousands(counts.takeovers), 'takeovers', 'a runner went on where another had stopped'),
    tile(
      thousands(counts.checks),
      'checks',
      `runs made twice and compared: ${thousands(counts.repeated)}`,
    ),
  ];
  return `<section><div class="tiles">${tiles.join('')}${paceTile(pace, counts)}</div></section>`;
}

function tile(figure: string, name: string, hint: string): string {
  return `<div class="tile"><b>${figure}</b><span>${escapeHtml(name)}</span><small>${escapeHtml(hint)}</small></div>`;
}

const PACE = { width: 220, height: 44 };

/** Steps a second over the time of the campaign. */
function paceTile(pace: readonly Pace[], counts: CampaignReport['counts']): string {
  const rates: { ms: number; rate: number }[] = [];
  let before: Pace = { ms: 0, runs: 0, steps: 0 };
  for (const point of pace) {
    const ms = point.ms - before.ms;
    if (ms < 100) continue;
    rates.push({ ms: point.ms, rate: (Math.max(0, point.steps - before.steps) / ms) * 1_000 });
    before = point;
  }
  const most = Math.max(1, ...rates.map(({ rate }) => rate));
  const end = Math.max(1, rates.at(-1)?.ms ?? 1);
  const points = rates.map(({ ms, rate }) => {
    const x = (ms / end) * PACE.width;
    return `${decimal(x)} ${decimal(PACE.height - (rate / most) * (PACE.height - 4))}`;
  });
  const shape =
    points.length < 2
      ? ''
      : `<svg viewBox="0 0 ${PACE.width} ${PACE.height}" preserveAspectRatio="none" role="img" aria-label="steps per second over time"><path d="M0 ${PACE.height}L${points.join('L')}L${PACE.width} ${PACE.height}Z"/></svg>`;
  const workers = counts.workers <= 1 ? 'one process' : `${counts.workers} processes`;
  return `<div class="tile pace"><b>${decimal(counts.runsPerSecond)}</b><span>runs a second</span><small>${workers}, ${timeText(counts.elapsedMs)}; steps a second, over time:</small>${shape}</div>`;
}

/** What a sweep has shown: all there is was tried, and this is what it came to. */
export function sweepSection({ counts, exhaustive }: CampaignReport): string {
  if (exhaustive === undefined) return '';
  const { boundaries, complete, equal, faults, never, other, pairs } = exhaustive;
  const all = faults + pairs;
  const parts = [
    { kind: 'equal', count: equal, says: 'equal to the fault-free run' },
    {
      kind: 'other',
      count: other,
      says: 'another end, as the workflow says: it heard of the fault',
    },
    { kind: 'never', count: never, says: 'did not come to the place of their fault' },
    {
      kind: 'rest',
      count: Math.max(0, all - equal - other - never),
      says: complete ? 'broken' : 'broken, cut off or not tried',
    },
  ].filter(({ count }) => count > 0);
  const bar = parts.map(
    ({ count, kind, says }) =>
      `<i class="${kind}" style="flex-grow:${count}" title="${thousands(count)} ${says}"></i>`,
  );
  const list = parts.map(
    ({ count, kind, says }) => `<li><i class="${kind}"></i><b>${thousands(count)}</b> ${says}</li>`,
  );
  const two = pairs === 0 ? '' : ` and ${thousands(pairs)} pairs of crashes`;
  const cut = complete
    ? ''
    : `<p class="hint">Cut off after ${thousands(counts.runs)} of ${thousands(all)} runs: nothing is shown of the others.</p>`;
  return `<section class="sweep"><h2>${thousands(equal)} of ${thousands(all)} equal to the fault-free run</h2>
<p class="hint">Every call of a port in one workload (${thousands(boundaries)}) was struck by every fault that fits it (${thousands(faults)})${two}, each in a run of its own.</p>
<div class="stack">${bar.join('')}</div><ul class="key">${list.join('')}</ul>${cut}</section>`;
}

/** Failures by what they have in common, where there is more than one. */
export function groupsSection({ groups }: CampaignReport): string {
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  if (count < 2) return '';
  const rows = groups.map(({ command, count: often, faults, oracle, said, where }) => {
    const by = faults.length === 0 ? 'no fault at all' : faults.map(escapeHtml).join(' + ');
    return `<li><b>${thousands(often)}</b><div><p><code>${escapeHtml(oracle)}</code> by ${by}</p><p class="hint">${escapeHtml(said)} (${escapeHtml(where)})</p></div><button type="button" data-copy="${escapeHtml(command)}">copy replay</button></li>`;
  });
  return `<section class="groups"><h2>${thousands(count)} failures in ${groups.length === 1 ? 'one group' : `${groups.length} groups`}</h2>
<p class="hint">The same oracle, broken by the same kinds of faults: most likely one bug each.</p><ul>${rows.join('')}</ul></section>`;
}

export function promisesSection({ promises }: CampaignReport): string {
  return `<section><h2>Promises</h2><table class="promises"><tbody>${promises.map(promiseRow).join('')}</tbody></table></section>`;
}

function promiseRow({ broken, checks, id, parts, says }: PromiseRow): string {
  const state = broken > 0 ? 'bad' : checks > 0 ? 'good' : 'idle';
  const sign = { bad: '&#10007;', good: '&#10003;', idle: '&#183;' }[state];
  const list = parts.map(
    (part) =>
      `<li>${escapeHtml(part.says)} <code>${escapeHtml(part.name)}</code> <i>${thousands(part.checks)}</i></li>`,
  );
  const figure = checks === 0 ? '<em>nothing to check</em>' : thousands(checks);
  const name = id.startsWith('P') ? escapeHtml(id) : '';
  return `<tr class="${state}"><td class="sign">${sign}</td><td class="id">${name}</td><td><details><summary>${escapeHtml(says)}</summary><ul>${list.join('')}</ul></details></td><td class="figure">${figure}</td></tr>`;
}

export function outcomesSection({ outcomes }: CampaignReport): string {
  if (outcomes.length === 0) return '';
  const most = Math.max(0.001, ...outcomes.map(({ expected, share }) => Math.max(share, expected)));
  const rows = outcomes.map(({ enough, expected, instances, path, share }) => {
    const width = decimal((share / most) * 100, 2);
    const least =
      expected > 0
        ? `<i class="least" style="left:${decimal((expected / most) * 100, 2)}%" title="the scenario expects at least ${decimal(expected * 100)} %"></i>`
        : '';
    const rare = enough ? '' : '<em>rarer than expected</em>';
    return `<li><span class="name">${escapeHtml(path)}</span><span class="value">${decimal(share * 100)} %</span><span class="track"><i class="fill" style="width:${width}%"></i>${least}</span><small>${counted(instances, 'instance')} ${rare}</small></li>`;
  });
  return `<section><h2>How the instances ended</h2><ul class="bars">${rows.join('')}</ul><p class="hint">The thin line is the share that the scenario expects at least.</p></section>`;
}

export function faultsSection({ counts, faults, gestures, situations }: CampaignReport): string {
  const most = Math.max(1, ...faults.map(({ planned }) => planned));
  const rows = faults.map(
    ({ fired, planned, says }) =>
      `<li><span class="name">${escapeHtml(says)}</span><span class="value">${thousands(fired)}</span><span class="track"><i class="ghost" style="width:${decimal((planned / most) * 100, 2)}%"></i><i class="fill fault" style="width:${decimal((fired / most) * 100, 2)}%"></i></span></li>`,
  );
  const seen = [
    ...situations,
    {
      says: 'records that came too late or twice, and count for nobody',
      count: counts.voidRecords,
    },
  ].map(
    ({ count, says }) =>
      `<li class="${count === 0 ? 'none' : ''}"><b>${thousands(count)}</b>${escapeHtml(says)}</li>`,
  );
  const whole = gestures.map(
    ({ count, name }) =>
      `<li class="${count === 0 ? 'none' : ''}"><b>${thousands(count)}</b>${escapeHtml(name)}</li>`,
  );
  const gestureList =
    whole.length === 0
      ? ''
      : `<h3>Gestures: faults that belong together, all of them fired</h3><ul class="counts two">${whole.join('')}</ul>`;
  return `<div class="columns"><section><h2>What was done to it</h2><ul class="bars thin">${rows.join('')}</ul><p class="hint">Pale: planned. A fault fires when its place in the run is reached.</p></section>
<section><h2>Seen to happen</h2><ul class="counts">${seen.join('')}</ul>${gestureList}</section></div>`;
}

export function coverageSection({ matrix, states }: CampaignReport): string {
  if (matrix.rows.length === 0) return '';
  const by = (title: string, hint: string, one: Matrix): string =>
    one.rows.length === 0 ? '' : `<h3>${title}</h3><p class="hint">${hint}</p>${matrixTable(one)}`;
  const place = by(
    'By the call that was struck',
    `${reachedOf(matrix)} combinations of a fault and a place have fired. Empty rings were never reached; a corner says that it also struck while a runner was taking over.`,
    matrix,
  );
  const state = by(
    'By the State of the run that was struck',
    `${reachedOf(states)} combinations of a fault and a task that a run stood at. Calls that are about no one run are not here.`,
    states,
  );
  return `<section><h2>Coverage</h2>${place}${state}</section>`;
}

function reachedOf({ rows }: Matrix): string {
  const cells = rows.flatMap((row) => row.cells).filter((cell) => cell !== undefined);
  return `${cells.filter(({ fired }) => fired > 0).length} of ${cells.length}`;
}

function matrixTable(matrix: Matrix): string {
  const fired = matrix.rows.flatMap((row) => row.cells.map((cell) => cell?.fired ?? 0));
  const most = Math.max(1, ...fired);
  const rows = matrix.rows.map(
    ({ cells, says }) =>
      `<tr><th scope="row">${escapeHtml(says)}</th>${cells.map((cell, at) => matrixCell(cell, most, `${says}, ${columnText(matrix, at)}`)).join('')}</tr>`,
  );
  return `<div class="matrix"><table>${matrixHead(matrix)}<tbody>${rows.join('')}</tbody></table></div>`;
}

function columnText({ columns }: Matrix, at: number): string {
  const column = columns[at];
  return column === undefined ? '' : `${column.group}: ${column.label}`;
}

function matrixHead({ columns }: Matrix): string {
  const groups: { name: string; size: number }[] = [];
  for (const { group } of columns) {
    const last = groups.at(-1);
    if (last?.name === group) last.size += 1;
    else groups.push({ name: group, size: 1 });
  }
  const top = groups.map(
    ({ name, size }) =>
      `<th class="group" colspan="${size}" scope="colgroup">${escapeHtml(name)}</th>`,
  );
  const labels = columns.map(
    ({ label }) => `<th class="label" scope="col"><span>${escapeHtml(label)}</span></th>`,
  );
  return `<thead><tr><td></td>${top.join('')}</tr><tr><td></td>${labels.join('')}</tr></thead>`;
}

const LEVELS = 5;

function matrixCell(cell: MatrixCell | undefined, most: number, where: string): string {
  if (cell === undefined) return '<td></td>';
  const { fired, recovering } = cell;
  if (fired === 0) {
    return `<td class="never" title="${escapeHtml(where)}: never fired"><i></i></td>`;
  }
  const level = Math.min(LEVELS, 1 + Math.floor((Math.log(fired) / Math.log(most + 1)) * LEVELS));
  const corner = recovering > 0 ? ' corner' : '';
  const also = recovering > 0 ? `, ${recovering} of them during a takeover` : '';
  return `<td class="l${level}${corner}" title="${escapeHtml(where)}: ${fired}${also}">${compact(fired)}</td>`;
}

function compact(count: number): string {
  return count < 1_000 ? String(count) : `${decimal(count / 1_000)}k`;
}
