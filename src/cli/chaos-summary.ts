/*
 * What a campaign proved, for a terminal of 80 columns: what was done, what held, how the instances
 * ended, what was seen, and how to see more or do it again. Of a failure what broke, how, and the
 * command that shows it again.
 *
 * Invariant: it is drawn from the report alone, so that terminal, page and JSON say the same.
 */
import pc from 'picocolors';
import type {
  CampaignReport,
  FailureReport,
  OutcomeRow,
  PromiseRow,
} from '../report/chaos-model.ts';
import { counted, decimal, thousands, wrap } from './chaos-numbers.ts';
import { familyOf } from './chaos-words.ts';

const COLUMNS = 80;
const MARGIN = '  ';
const BAR = 16;

export function summary(report: CampaignReport, page: string | undefined): string {
  const { failure } = report;
  const parts = [
    title(report),
    about(report),
    ...(report.verdict === 'nothing' ? [] : [swept(report), done(report), held(report)]),
    // What broke stands at the end, where the eye is; how the few runs before it ended says nothing.
    ...(failure === undefined ? [] : [grouped(report), broken(failure)]),
    ...(report.verdict === 'held' || report.verdict === 'inconclusive'
      ? [ended(report), seen(report)]
      : []),
    ...report.notes.map((note) => paragraph(pc.yellow('note  '), note, 6)),
    pointers(report, page),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const VERDICTS = {
  held: ['HELD', pc.green],
  broken: ['BROKEN', pc.red],
  inconclusive: ['INCONCLUSIVE', pc.yellow],
  nothing: ['NOTHING WAS RUN', pc.yellow],
} as const;

function title({ interrupted, scenario, verdict }: CampaignReport): string {
  const [word, paint] = VERDICTS[verdict];
  const end = interrupted && verdict === 'held' ? 'HELD SO FAR' : word;
  const start = `${scenario}  `;
  const rule = '─'.repeat(Math.max(3, COLUMNS - start.length - end.length - 2));
  return `${pc.bold(start)}${pc.dim(rule)}  ${paint(pc.bold(end))}`;
}

function about({ summary: text }: CampaignReport): string {
  return paragraph('', text, 0);
}

function broken(failure: FailureReport): string {
  const { minimal, promise, says, size, story, violations, where } = failure;
  const name = promise === 'yours' ? '' : `${promise}  `;
  const lines = [`${MARGIN}${pc.red(pc.bold(`✗ ${name}${says}`))}: ${pc.red('broken')}`];
  for (const { oracle, said } of violations.slice(0, 3)) {
    lines.push(paragraph('    ', said, 4), pc.dim(`      (${oracle})`));
  }
  if (violations.length > 3) lines.push(pc.dim(`    and ${violations.length - 3} more`));
  const sizes = [
    counted(size.instances, 'instance'),
    counted(size.runners, 'runner'),
    counted(size.partitions, 'partition'),
  ].join(', ');
  const heading = minimal ? 'The smallest plan that breaks it' : 'A plan that breaks it';
  const extent = minimal
    ? `${sizes}; no fault can be taken away`
    : `${sizes}; there was no time to make it smaller`;
  lines.push('', `${MARGIN}${pc.bold(heading)}`, pc.dim(paragraph('    ', extent, 4)));
  if (story.length === 0) lines.push('    no fault at all: it breaks by itself');
  for (const line of story) lines.push(paragraph('    ', line, 7));
  lines.push('', `${MARGIN}${pc.bold('Replay it')} ${pc.dim(`(found in ${where})`)}`);
  lines.push(`${MARGIN}${MARGIN}${failure.command}`);
  return lines.join('\n');
}

/** What a sweep has shown: how many of all there are came to the same end. */
function swept({ counts, exhaustive }: CampaignReport): string {
  if (exhaustive === undefined) return '';
  const { boundaries, complete, equal, faults, never, other, pairs } = exhaustive;
  const all = faults + pairs;
  const what = `${thousands(boundaries)} boundaries, ${thousands(faults)} faults${pairs === 0 ? '' : `, ${thousands(pairs)} pairs of crashes`}`;
  const cut = `cut off: ${thousands(counts.runs)} of ${thousands(all)} were tried, so nothing is shown of the others`;
  return [
    `${MARGIN}${pc.bold('Exhaustive')}  ${pc.dim(what)}`,
    figure(equal, `of ${thousands(all)} equal to the fault-free run`),
    ...(other === 0
      ? []
      : [figure(other, 'came to another end, as the workflow says: it heard of the fault')]),
    ...(never === 0 ? [] : [figure(never, 'did not come to the place of their fault')]),
    ...(complete ? [] : [paragraph(`${MARGIN}  `, pc.yellow(cut), 4)]),
  ].join('\n');
}

const GROUPS_MAX = 8;

/** Failures by what they have in common, where there is more than one. */
function grouped({ groups }: CampaignReport): string {
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  if (count < 2) return '';
  const title = `${counted(count, 'failure')}, ${counted(groups.length, 'group')}`;
  const lines = groups.slice(0, GROUPS_MAX).flatMap((group) => {
    const faults = group.faults.length === 0 ? 'no fault at all' : group.faults.join(' + ');
    const head = `${pc.red('✗')} ${group.oracle} ${pc.dim('by')} ${faults}`;
    return [`${MARGIN}${String(group.count).padStart(9)}  ${head}`];
  });
  const more = groups.length - GROUPS_MAX;
  if (more > 0) lines.push(`${MARGIN}${' '.repeat(11)}and ${counted(more, 'group')} more`);
  return [`${MARGIN}${pc.bold(title)}`, ...lines].join('\n');
}

function done(report: CampaignReport): string {
  const { counts, faults, profile, sizes } = report;
  const families = new Map<string, { one: string; fired: number }>();
  for (const { fired, kind } of faults) {
    const [one, many] = familyOf(kind);
    families.set(many, { one, fired: (families.get(many)?.fired ?? 0) + fired });
  }
  const list = [...families]
    .filter(([, { fired }]) => fired > 0)
    .sort(([, a], [, b]) => b.fired - a.fired)
    .map(([many, { fired, one }]) => counted(fired, one, many))
    .join(', ');
  const corpus = counts.corpusRuns === 0 ? '' : `, and ${counts.corpusRuns} of the corpus first`;
  const heading = `What was done to it, in ${decimal(counts.elapsedMs / 1_000)} s`;
  const of = (size: string, what: string): string => `${size} ${what}${size === '1' ? '' : 's'}`;
  const runs = `simulated runs: ${of(sizes.instances, 'instance')} on ${of(sizes.runners, 'runner')} and ${of(sizes.partitions, 'partition')} each${corpus}`;
  const rate = `${decimal(counts.runsPerSecond)} runs/s, ${thousands(counts.stepsPerSecond)} steps/s`;
  return [
    `${MARGIN}${pc.bold(heading)}  ${pc.dim(`${rate}, profile ${profile.name}`)}`,
    figure(counts.runs, runs),
    figure(counts.instances, 'instances of the workflow'),
    figure(counts.steps, 'durable steps'),
    figure(counts.faults, `faults fired${list === '' ? '' : `: ${list}`}`),
    figure(counts.takeovers, 'times a runner took over from another'),
  ].join('\n');
}

function figure(count: number, what: string): string {
  return paragraph(`${MARGIN}${thousands(count).padStart(9)}  `, what, 13);
}

function held({ promises, verdict }: CampaignReport): string {
  const heading = verdict === 'broken' ? 'The promises' : 'What held all the same';
  return [`${MARGIN}${pc.bold(heading)}`, ...promises.map(promiseLine)].join('\n');
}

const NAMES: Readonly<Record<string, string>> = { yours: 'yours', rules: 'rules' };

function promiseLine({ broken: count, checks, id, says }: PromiseRow): string {
  const sign = count > 0 ? pc.red('✗') : checks > 0 ? pc.green('✓') : pc.dim('·');
  const name = (NAMES[id] ?? id).padEnd(5);
  const figures = checks === 0 ? 'nothing to check here' : `${thousands(checks)} checks`;
  const room = COLUMNS - 13 - figures.length;
  const words = says.padEnd(room).slice(0, room);
  const line = `${sign} ${name} ${words} ${figures}`;
  return `${MARGIN}  ${checks === 0 ? pc.dim(line) : line}`;
}

function ended({ outcomes }: CampaignReport): string {
  if (outcomes.length === 0) return '';
  const width = Math.max(...outcomes.map(({ path }) => path.length));
  const most = Math.max(...outcomes.map(({ share }) => share), 0.001);
  return [
    `${MARGIN}${pc.bold('How the instances ended')}`,
    ...outcomes.map((row) => outcomeLine(row, Math.min(width, 30), most)),
  ].join('\n');
}

function outcomeLine(
  { enough, expected, path, share }: OutcomeRow,
  width: number,
  most: number,
): string {
  const name = path.length > width ? `${path.slice(0, width - 1)}…` : path.padEnd(width);
  const least = expected > 0 ? `of ${decimal(expected * 100)} % at least` : '';
  const sign = enough ? '' : pc.yellow(' - less');
  const figure = `${(share * 100).toFixed(1)} %`.padStart(7);
  return `${MARGIN}  ${name}  ${pc.cyan(bar(share / most))} ${figure}  ${pc.dim(least)}${sign}`.trimEnd();
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function bar(share: number): string {
  const eighths = share <= 0 ? 0 : Math.max(1, Math.round(share * BAR * 8));
  const text = '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
  return text.padEnd(BAR);
}

function seen({ counts, matrix, situations }: CampaignReport): string {
  return [
    `${MARGIN}${pc.bold('Seen to happen')}`,
    ...situations.map(({ count, says }) => {
      const text = figure(count, says);
      return count === 0 ? pc.dim(text) : text;
    }),
    figure(counts.voidRecords, 'records that came too late or twice, and count for nobody'),
    ...reached(matrix),
  ].join('\n');
}

/** How much of what the profile can do was done: a campaign that ends early shows here what it left out. */
function reached({ rows }: CampaignReport['matrix']): string[] {
  const cells = rows.flatMap((row) => row.cells).filter((cell) => cell !== undefined);
  if (cells.length === 0) return [];
  const fired = cells.filter((cell) => cell.fired > 0).length;
  const idle = rows
    .filter((row) => row.cells.every((cell) => cell === undefined || cell.fired === 0))
    .map(({ says }) => says);
  const never = idle.length === 0 ? '' : `; never: ${idle.join(', ')}`;
  return [figure(fired, `of ${cells.length} combinations of a fault and a place${never}`)];
}

function pointers({ again, seed }: CampaignReport, page: string | undefined): string {
  return [
    ...(page === undefined ? [] : [`${MARGIN}${pc.bold('Report')}  ${page}`]),
    `${MARGIN}${pc.bold('Again')}   ${again}`,
    `${MARGIN}${pc.bold('Seed')}    ${seed}`,
  ].join('\n');
}

/** A text behind a label, its further lines indented. */
function paragraph(label: string, text: string, indent: number): string {
  const lines = wrap(text, COLUMNS - Math.max(indent, 2) - 1);
  const pad = indent === 0 ? MARGIN : ' '.repeat(indent);
  return lines.map((line, at) => `${at === 0 && label !== '' ? label : pad}${line}`).join('\n');
}

/** One line for all scenarios of a command. */
export function totals(reports: readonly CampaignReport[]): string {
  const bad = reports.filter(({ verdict }) => verdict !== 'held').map(({ scenario }) => scenario);
  const runs = reports.reduce((sum, { counts }) => sum + counts.runs, 0);
  const faults = reports.reduce((sum, { counts }) => sum + counts.faults, 0);
  const figures = `${reports.length} scenarios, ${thousands(runs)} runs, ${thousands(faults)} faults`;
  const verdict = bad.length === 0 ? pc.green('all held') : pc.red(`not held: ${bad.join(', ')}`);
  return `${pc.bold(figures)}: ${verdict}\n`;
}
