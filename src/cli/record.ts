/*
 * `waybill record`: writes what runs have left in the Logs to a trace file - from brokers, from an
 * embedded file, or from simulated runs of a scenario. It belongs to no group and writes nothing to the
 * engine. Progress on stderr.
 *
 * Exit codes: 0 recorded, 2 bad input.
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { createFile, type GrowingFile } from '../adapters/files/index.ts';
import { LogRecorder } from '../trace/record-log.ts';
import { TraceWriter } from '../trace/write-trace.ts';
import type { TraceHeader } from '../wire/index.ts';
import { counted } from './chaos-numbers.ts';
import { readConfiguration, withSettings } from './configuration.ts';
import { openOrSay, TARGET_SETTINGS, targetOf } from './configuration-target.ts';
import type { CliCommand } from './main.ts';
import { recordGround } from './record-ground.ts';
import {
  pointersOf,
  type RecordFlags,
  redactorOf,
  selectionOf,
  selectionWords,
  timeOf,
} from './record-options.ts';
import { recordSimulated, simulated } from './record-simulated.ts';
import { UserError } from './user-error.ts';

export const recordCommand: CliCommand = {
  configure(command: Command) {
    withSettings(
      command
        .argument('[scenario]', 'record simulated runs of this scenario')
        .requiredOption('-o, --output <file>', 'the trace')
        .option('--force', 'over a file that is there')
        .option('--since <time>', 'what is as old as that, and all that comes: 1h, 2d')
        .option('--for <time>', 'stop after so long')
        .option('--no-follow', 'stop at the end of the Logs')
        .option('--workflow <name>', 'only runs of [NAMESPACE/]NAME')
        .option('--instance <id>', 'only this run')
        .option('--sample <share>', 'only a share of the runs: 1%; always the same ones')
        .option(
          '--redact <pointers...>',
          'take out what these JSON pointers name: /card,/person/name',
        )
        .option('--runs <n>', 'of a scenario: so many simulated runs (1)')
        .option('--seed <n>', 'of a scenario: the seed of its plans (1)')
        .option('--profile <name>', 'of a scenario: which faults')
        .option('--token <token>', 'the simulated run of a token'),
      TARGET_SETTINGS,
    )
      .addHelpText('after', HELP)
      .action(record);
  },
};

const HELP = `
It goes on until Ctrl-C, unless told otherwise; what is in the file can be read meanwhile. The values that
--redact takes out are replaced by keyed digests: set WAYBILL_REDACT_KEY to compare them across files.

Examples:
  waybill record --brokers localhost:9092 --since 1h --sample 1% --redact /card -o night.trace
  waybill record --store runs.db --no-follow -o runs.trace
  waybill record scenarios/order-fulfilment.yaml --runs 20 -o orders.trace`;

async function record(scenario: string | undefined, flags: RecordFlags): Promise<void> {
  const selection = selectionOf(flags);
  const pointers = pointersOf(flags);
  const { keyName, redactor } = redactorOf(pointers, process.env);
  const header = {
    engine: version(),
    recordedAt: Date.now(),
    redacted: pointers,
    keyName,
    selection: selectionWords(flags),
    token: flags.token ?? '',
  };
  if (scenario !== undefined || flags.token !== undefined) {
    const runs = await simulated(scenario, flags);
    const { partitions } = runs;
    const out = new Out(flags, { ...header, source: 'simulator', prefix: 'simulated', partitions });
    await out.during(() =>
      recordSimulated(runs, out.writer, selection, redactor, () => out.tell()),
    );
    return;
  }
  const since = flags.since === undefined ? undefined : timeOf('--since', flags.since);
  const forMs = flags.for === undefined ? undefined : timeOf('--for', flags.for);
  const configuration = readConfiguration(flags, process.env);
  const ground = await openOrSay(targetOf(configuration), 'client');
  try {
    const source = configuration.brokers === undefined ? 'embedded' : 'kafka';
    const { partitions } = ground.broker;
    const out = new Out(flags, { ...header, source, prefix: configuration.prefix, partitions });
    const recorder = new LogRecorder(out.writer, selection, redactor);
    const stop = stopper(forMs);
    await out.during(() =>
      recordGround({
        ground,
        recorder,
        writer: out.writer,
        follow: flags.follow !== false,
        stopped: stop.stopped,
        ...(since === undefined ? {} : { since: Date.now() - since }),
      }),
    );
    stop.over();
    const { undecided, unreadable } = recorder.passedOver;
    if (undecided > 0) {
      out.say(`${counted(undecided, 'record')} stood before the first CLAIM and was passed over`);
    }
    if (unreadable > 0) out.say(`${counted(unreadable, 'record')} could not be read`);
  } finally {
    await ground.close();
  }
}

/** Resolves on Ctrl-C, or when the time is over. */
function stopper(ms: number | undefined): { readonly stopped: Promise<void>; over(): void } {
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const timer = ms === undefined ? undefined : setTimeout(stop, ms);
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    stopped,
    over() {
      clearTimeout(timer);
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

const TELL_MS = 500;

/** The file, and the line that says how far it is. */
class Out {
  readonly writer: TraceWriter;
  private readonly file: GrowingFile;
  private readonly name: string;
  private readonly live = process.stderr.isTTY;
  private told = 0;

  constructor({ force, output = '' }: RecordFlags, header: TraceHeader) {
    this.name = output;
    try {
      this.file = createFile(output, force === true);
    } catch (error) {
      const { code = 'EIO' } = error as NodeJS.ErrnoException;
      const why = code === 'EEXIST' ? 'it is there already; --force writes over it' : code;
      throw new UserError(`${output}: the trace cannot be written: ${why}`);
    }
    this.writer = new TraceWriter(header, (bytes) => this.file.write(bytes));
  }

  async during(work: () => Promise<void>): Promise<void> {
    const timer = setInterval(() => this.tell(), TELL_MS);
    try {
      await work();
      this.writer.finish();
    } finally {
      clearInterval(timer);
      this.file.close();
    }
    const { bytes, records, units } = this.writer.written;
    const size = `${(bytes / 1024).toFixed(bytes < 102_400 ? 1 : 0)} KB`;
    this.say(`${counted(records, 'record')} in ${counted(units, 'unit')}, ${size}`);
  }

  tell(): void {
    const now = performance.now();
    if (!this.live || now - this.told < TELL_MS) return;
    this.told = now;
    const { bytes, records } = this.writer.written;
    const text = `${this.name}  ${counted(records, 'record')}, ${(bytes / 1024).toFixed(0)} KB`;
    process.stderr.write(`\r\u001B[2K${text}`);
  }

  say(text: string): void {
    process.stderr.write(`${this.live ? '\r\u001B[2K' : ''}${this.name}  ${text}\n`);
  }
}

function version(): string {
  const manifest = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
