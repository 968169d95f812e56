/*
 * run: script, carried out: a file of its own in an empty folder, run by the interpreter of its language.
 * JavaScript is an ES module, run by the Node that runs this; Python is python3.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActivityAnswer } from '../ports/index.ts';
import { refuse } from './errors.ts';
import type { Asked } from './index.ts';
import { type ProcessArguments, runProgram } from './process.ts';

interface ScriptArguments extends ProcessArguments {
  readonly language: string;
  readonly code: unknown;
}

interface Interpreter {
  readonly command: string;
  readonly file: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const INTERPRETERS: ReadonlyMap<string, Interpreter> = new Map([
  ['js', { command: process.execPath, file: 'script.mjs' }],
  [
    'python',
    {
      command: 'python3',
      file: 'script.py',
      environment: { PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' },
    },
  ],
]);

/** How long a script that nobody waits for may take to be read by its interpreter, ms. */
const READ_MS_MAX = 60_000;

export async function performScript(asked: Asked): Promise<ActivityAnswer> {
  const { language, code, await: waits } = asked.activity.arguments as unknown as ScriptArguments;
  const interpreter = INTERPRETERS.get(language);
  if (interpreter === undefined) {
    throw refuse('configuration', `this build cannot run scripts in ${JSON.stringify(language)}`);
  }
  if (typeof code !== 'string')
    throw refuse('configuration', 'the code of a script must be a text');
  const folder = await mkdtemp(join(tmpdir(), 'waybill-script-'));
  const tidyUp = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const { command, file, environment } = interpreter;
  try {
    await writeFile(join(folder, file), code);
    const own = { title: 'the script', command, arguments: [join(folder, file)], folder };
    const answer = await runProgram(
      environment === undefined ? own : { ...own, environment },
      asked,
    );
    if (waits) await tidyUp();
    // its interpreter may not have read it yet
    else setTimeout(() => void tidyUp(), READ_MS_MAX).unref();
    return answer;
  } catch (error) {
    await tidyUp();
    throw error;
  }
}
