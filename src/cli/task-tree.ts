/*
 * The live task tree of `waybill run`: on a terminal the tree of the run is redrawn in place, elsewhere
 * every transition is one plain line. All of it on stderr.
 */
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import type { Transition } from '../core/index.ts';
import type { Definition } from '../dsl/index.ts';
import type { Result } from '../presets/embedded.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const REDRAW_MS = 80;

interface Line {
  readonly pointer: string;
  readonly strand: string;
  readonly depth: number;
  readonly name: string;
  state: 'running' | 'completed' | 'faulted' | 'skipped';
  readonly since: number;
  until: number | undefined;
  times: number;
  retries: number;
  detail: string | undefined;
}

export class TaskTree {
  private readonly quiet: boolean;
  private readonly live: boolean;
  private readonly title: string;
  private readonly lines = new Map<string, Line>();
  private readonly complaints: string[] = [];
  private readonly timer: NodeJS.Timeout | undefined;
  private run: string | undefined;
  private drawn = 0;
  private frame = 0;

  constructor(definition: Definition | undefined, { quiet }: { readonly quiet: boolean }) {
    this.quiet = quiet;
    this.live = !quiet && process.stderr.isTTY && process.env['CI'] === undefined;
    this.title = definition === undefined ? '' : `${definition.name} ${definition.version}`;
    if (this.live) {
      this.timer = setInterval(() => this.draw(), REDRAW_MS);
      this.timer.unref();
    }
  }

  started(run: string): void {
    this.run = run;
    if (!this.live && !this.quiet) this.say(`${this.title}  run ${run}`);
  }

  tell(run: string, { kind, strand, pointer, at, detail }: Transition): void {
    if (pointer === '') return;
    const key = `${strand} ${pointer}`;
    const before = this.lines.get(key);
    const line: Line =
      before ??
      ({
        pointer,
        strand,
        depth: depthOf(pointer),
        name: nameOf(pointer),
        state: 'running',
        since: at,
        until: undefined,
        times: 0,
        retries: 0,
        detail: undefined,
      } satisfies Line);
    this.lines.set(key, line);
    if (kind === 'task-started') {
      line.state = 'running';
      line.until = undefined;
      line.times++;
    } else if (kind === 'task-retried') {
      line.retries++;
      line.detail = detail;
    } else {
      line.state =
        kind === 'task-completed' ? 'completed' : kind === 'task-skipped' ? 'skipped' : 'faulted';
      line.until = at;
    }
    if (!this.live && !this.quiet) {
      const more = this.run === undefined || this.run === run ? '' : ` [${run}]`;
      this.say(
        `${kind.slice(5).padEnd(9)} ${pointer}${strand === '' ? '' : ` (${strand})`}${more}${detail === undefined ? '' : `: ${detail}`}`,
      );
    }
  }

  complain(said: string): void {
    if (this.live) this.complaints.push(said);
    else this.say(`warning: ${said}`);
  }

  ended(result: Result): void {
    if (this.quiet) return;
    if (this.live) this.draw();
    const verdict = result.ended === 'completed' ? pc.green('completed') : pc.red(result.ended);
    this.say(`${this.title} ${verdict}`);
  }

  close(): void {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    if (this.drawn > 0) process.stderr.write('\u001b[?25h');
  }

  private say(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  private draw(): void {
    const rows = process.stderr.rows ?? 24;
    const columns = process.stderr.columns ?? 80;
    const all = this.render();
    // What does not fit on the screen cannot be redrawn: show where it stands.
    const shown = all.length > rows - 2 ? all.slice(all.length - (rows - 2)) : all;
    const up = this.drawn > 0 ? `\u001b[${this.drawn}A` : '\u001b[?25l';
    const text = shown.map((line) => `\u001b[2K${clip(line, columns - 1)}\n`).join('');
    process.stderr.write(`${up}${text}\u001b[J`);
    this.drawn = shown.length;
    this.frame++;
  }

  private render(): string[] {
    const head = `${pc.bold(this.title)} ${pc.dim(this.run ?? '')}`;
    const now = Date.now();
    const lines = [...this.lines.values()].map((line) => {
      const { state, depth, name, times, retries, since, until, detail, strand } = line;
      const took = (until ?? now) - since;
      const notes = [
        times > 1 ? `${times} times` : '',
        retries > 0
          ? `${retries} ${retries === 1 ? 'retry' : 'retries'}${detail === undefined ? '' : ` (${detail})`}`
          : '',
        took >= 100 ? duration(took) : '',
      ].filter((note) => note !== '');
      const indent = '  '.repeat(depth + (strand === '' ? 0 : 1));
      return `${indent}${this.sign(state)} ${state === 'skipped' ? pc.dim(name) : name}${notes.length > 0 ? pc.dim(`  ${notes.join(', ')}`) : ''}`;
    });
    return [head, ...lines, ...this.complaints.map((said) => pc.yellow(`! ${said}`))];
  }

  private sign(state: Line['state']): string {
    if (state === 'completed') return pc.green('✓');
    if (state === 'faulted') return pc.red('✗');
    if (state === 'skipped') return pc.dim('-');
    return pc.cyan(FRAMES[this.frame % FRAMES.length]!);
  }
}

/** Tasks around this one: every second index in the pointer is one. */
function depthOf(pointer: string): number {
  return pointer.split('/').filter((part) => /^\d+$/.test(part)).length - 1;
}

function nameOf(pointer: string): string {
  return (pointer.split('/').at(-1) ?? pointer).replaceAll('~1', '/').replaceAll('~0', '~');
}

function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

/** Cuts to a width; a line that has to be cut loses its colours rather than half a code. */
function clip(text: string, width: number): string {
  const plain = stripVTControlCharacters(text);
  return plain.length <= width ? text : plain.slice(0, width);
}
