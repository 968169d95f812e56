/*
 * An append-only file of JSON lines, as ledgers need it.
 *
 * D1. `write` resolves when the line is on disk (fdatasync). Lines that come while the disk is busy are
 *     written together.
 * D2. Lines stand in the order in which they were given.
 * D3. A last line that was not finished is no line: whoever wrote it has promised nothing yet.
 */
import { existsSync, readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export class DurableLines {
  readonly #file: FileHandle;
  #waiting: { readonly text: string; readonly done: () => void }[] = [];
  #flushing: Promise<void> | undefined;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<DurableLines> {
    return new DurableLines(await open(path, 'a'));
  }

  /** D1. A disk that fails ends the process: a ledger that cannot be kept proves nothing. */
  write(line: object): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ text: `${JSON.stringify(line)}\n`, done });
      this.#flushing ??= this.#flush();
    });
  }

  async close(): Promise<void> {
    await this.#flushing;
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      await this.#file.appendFile(lines.map(({ text }) => text).join(''));
      await this.#file.datasync();
      for (const { done } of lines) done();
    }
    this.#flushing = undefined;
  }
}

/** D3 */
export function readLines<T>(path: string): T[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);
}
