/*
 * Where reports go: the page, the figures as JSON, JUnit XML, and what a build server shows.
 *
 * Invariant: that a place cannot be written is said before the campaign, not after it.
 */
import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { chaosHtml } from '../report/chaos-html.ts';
import type { CampaignReport, ChaosReport, RunReport } from '../report/chaos-model.ts';
import { githubAnnotations, markdownSummary } from '../report/annotations.ts';
import { junitXml, type ReplayedTest } from '../report/junit.ts';
import type { ChaosFlags } from './chaos-options.ts';
import { UserError } from './user-error.ts';

const DEFAULT_FOLDER = 'reports/chaos';

export class Destination {
  /** undefined = no page */
  readonly page: string | undefined;
  private readonly json: string | undefined;
  private readonly junit: string | undefined;

  constructor(
    { json, junit, report }: Pick<ChaosFlags, 'json' | 'junit' | 'report'>,
    name: string,
  ) {
    this.page = pageFile(report, name);
    this.json = json;
    this.junit = junit;
    if (junit !== undefined) prepare(junit, '--junit');
    if (this.page !== undefined) prepare(this.page, '--report');
    if (json !== undefined && json !== '-') prepare(json, '--json');
  }

  /** The standard output belongs to the JSON; people read stderr. */
  get jsonOnStdout(): boolean {
    return this.json === '-';
  }

  write(campaigns: readonly CampaignReport[], replayed: readonly ReplayedTest[] = []): void {
    const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    const report: ChaosReport = { made: new Date().toISOString(), version, campaigns };
    if (this.page !== undefined) write(this.page, chaosHtml(report));
    if (this.junit !== undefined) write(this.junit, junitXml(report, replayed));
    this.tellBuild(report, replayed);
    if (this.json === undefined) return;
    const text = `${JSON.stringify({ ...report, campaigns: campaigns.map(figures) }, null, 2)}\n`;
    if (this.json === '-') process.stdout.write(text);
    else write(this.json, text);
  }

  /** GitHub Actions shows errors beside the code, and a summary of the job. */
  private tellBuild(report: ChaosReport, replayed: readonly ReplayedTest[]): void {
    if (process.env['GITHUB_ACTIONS'] !== 'true') return;
    const lines = githubAnnotations(report, replayed);
    const out = this.jsonOnStdout ? process.stderr : process.stdout;
    for (const line of lines) out.write(`${line}\n`);
    const summary = process.env['GITHUB_STEP_SUMMARY'];
    if (summary !== undefined && summary !== '') appendFileSync(summary, markdownSummary(report));
  }
}

/** The stable shape of --json: all but the drawings. */
function figures({ failure, sample, ...rest }: CampaignReport): object {
  const plain = (run: RunReport): object => ({ ...run, timeline: undefined });
  return {
    ...rest,
    ...(failure === undefined ? {} : { failure: plain(failure) }),
    ...(sample === undefined ? {} : { sample: plain(sample) }),
  };
}

function pageFile(report: string | false | undefined, name: string): string | undefined {
  if (report === false) return undefined;
  if (report === undefined) return join(DEFAULT_FOLDER, `${name}.html`);
  return isFolder(report) ? join(report, `${name}.html`) : report;
}

function isFolder(path: string): boolean {
  if (path.endsWith('/')) return true;
  try {
    return statSync(path).isDirectory();
  } catch {
    return !/\.html?$/i.test(path);
  }
}

function prepare(file: string, option: string): void {
  try {
    makeFolder(dirname(file));
    accessSync(dirname(file), constants.W_OK);
    if (!statSync(dirname(file)).isDirectory()) throw new Error('its folder is none');
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
  } catch {
    throw new UserError(`${option} ${relative('.', file) || file}: this file cannot be written`);
  }
}

/** Step by step: in some places (/proc) Node's own recursion never ends. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new UserError(`${file} cannot be written (${code})`);
  }
}
