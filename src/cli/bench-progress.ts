/* Which cell is measured and how far it is, on stderr: one line that is redrawn; a plain line elsewhere. */
import pc from 'picocolors';
import type { Cell } from '../bench/figures.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001B[2K';

export class BenchProgress {
  private readonly live = process.stderr.isTTY && process.env['CI'] === undefined;
  private readonly of: number;
  private readonly timer: NodeJS.Timeout | undefined;
  private nth = 0;
  private frame = 0;
  private text = '';

  constructor(cells: number) {
    this.of = cells;
    if (this.live) this.timer = setInterval(() => this.draw(), REDRAW_MS);
  }

  cell(cell: Cell): void {
    this.nth++;
    this.text = loadText(cell);
    if (!this.live && this.of > 1) process.stderr.write(`${this.counted()}${this.text}\n`);
  }

  phase(phase: string): void {
    this.text = `${this.text.split('  ', 1)[0] ?? ''}  ${phase}`;
  }

  clear(): void {
    if (this.live) process.stderr.write(CLEAR_LINE);
  }

  stop(): void {
    clearInterval(this.timer);
    this.clear();
  }

  private counted(): string {
    return this.of > 1 ? `${this.nth}/${this.of} ` : '';
  }

  private draw(): void {
    this.frame++;
    const spinner = FRAMES[this.frame % FRAMES.length] ?? '';
    const width = (process.stderr.columns || 80) - 3;
    const shown = `${this.counted()}${this.text}`.slice(0, width);
    process.stderr.write(`${CLEAR_LINE}${pc.cyan(spinner)} ${shown}`);
  }
}

/** `seq10 · embedded · 256 callers` */
export function loadText({ concurrency, mode, rate, workload }: Cell): string {
  const load =
    rate === undefined
      ? `${concurrency} ${concurrency === 1 ? 'caller' : 'callers'}`
      : `${rate} runs/s`;
  return `${workload} · ${mode} · ${load}`;
}
