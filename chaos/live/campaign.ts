/*
 * One campaign: processes are started, instances come in, faults strike, everything is healed, and when
 * all runs have ended the evidence is taken. Whether it holds is for the checker.
 *
 * Owns: the order of things. Every process, server and proxy that it starts has ended when it returns.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordHeader } from '../../src/wire/index.ts';
import type { ClientOrder } from './client-process.ts';
import { readLines } from './durable-lines.ts';
import {
  type Campaign,
  cancelsFile,
  ledgerFile,
  type StartLine,
  startsFile,
  writeEvidence,
} from './evidence.ts';
import { FaultDriver, RunnerSlot } from './fault-driver.ts';
import { describe, type Fault } from './fault-plan.ts';
import { type Ground, openGround, PREFIX, through, TOPIC } from './ground.ts';
import { ENGINE, type LiveProcess, type Notebook, startHelper, startRunner } from './processes.ts';
import { SCENARIO, scaledScenarios } from './scaled-scenario.ts';
import { readStore } from './store-tables.ts';
import { TopicReader } from './topic-reader.ts';

export interface CampaignOptions {
  readonly seed: string;
  /** over which instances come in and faults strike, ms */
  readonly forMs: number;
  readonly runners: number;
  readonly instances: number;
  /** name of the scenario; absent = the merchant's */
  readonly scenario?: string;
  readonly plan: readonly Fault[];
  /** checkout whose engine the runners are; absent = this one */
  readonly engine?: string;
  readonly partitions?: number;
  readonly sessionMs?: number;
  readonly parkedShare?: number;
  /** part of the time within which runs that park are started, 0 to 1 */
  readonly parkedWithin?: number;
  /** how long runs may take to end once all is healed, ms */
  readonly restMsMax?: number;
  readonly onProgress?: (progress: Progress) => void;
  readonly onWord?: (word: string) => void;
}

/** How far it is, by its own reading of the topic. */
export interface Progress {
  readonly phase: 'starting' | 'faults' | 'healing' | 'checking';
  /** since the faults began, ms */
  readonly ms: number;
  readonly started: number;
  readonly ended: number;
  readonly records: number;
  readonly void: number;
  readonly claims: number;
  readonly faults: number;
  /** what struck last */
  readonly last: string;
}

const PARTITIONS = 8;
const SESSION_MS = 6_000;
const PARKED_SHARE = 0.25;
const REST_MS_MAX = 180_000;
const SERVICES = 2;
/** Starts end a little before the faults do. */
const START_SHARE = 0.95;
const PROGRESS_MS = 500;
const LOOK_MS = 200;
const READY_MS_MAX = 150_000;
const END_MS_MAX = 20_000;
/** More runs than this are not parked as dead for a good reason. */
const GIVEN_UP_MAX = 20;
/** Processes of one machine share a clock; timers and append times are whole ms. */
const SKEW_MS_MAX = 10;

/** Runs it; gives the folder with the evidence, or why there is no ground for it. */
export async function runCampaign(
  options: CampaignOptions,
): Promise<{ readonly folder: string } | { readonly missing: string }> {
  const { partitions = PARTITIONS, runners } = options;
  const ground = await openGround(runners, partitions);
  if ('missing' in ground) return ground;
  const folder = mkdtempSync(join(tmpdir(), 'waybill-live-chaos-'));
  const live = new LiveCampaign(ground, folder, { ...options, partitions });
  try {
    await live.run();
  } finally {
    await live.close();
    await ground.close();
  }
  return { folder };
}

class LiveCampaign {
  readonly #ground: Ground;
  readonly #options: CampaignOptions & { readonly partitions: number };
  readonly #notebook: Notebook;
  readonly #reader: TopicReader;
  readonly #slots: readonly RunnerSlot[];
  readonly #driver: FaultDriver;
  readonly #services: LiveProcess[] = [];
  readonly #all: LiveProcess[] = [];
  readonly #starts = new Set<string>();
  readonly #ends = new Set<string>();
  /** when each partition was claimed last, broker's time */
  readonly #claimedAt: number[] = [];
  #servicePorts: Record<string, number> = {};
  #client: LiveProcess | undefined;
  #counts = { records: 0, void: 0, claims: 0, faults: 0, last: '' };
  #phase: Progress['phase'] = 'starting';
  #begunAt = 0;

  constructor(
    ground: Ground,
    folder: string,
    options: CampaignOptions & { readonly partitions: number },
  ) {
    this.#ground = ground;
    this.#options = options;
    this.#notebook = { folder, processes: [], complaints: [] };
    this.#reader = new TopicReader(ground.brokerAddress, TOPIC);
    this.#reader.onRecord = (partition, header, valid, time) =>
      this.#noted(partition, header, valid, time);
    this.#slots = ground.lines.map(
      (lines, index) => new RunnerSlot(index, lines, () => this.#startRunner(index)),
    );
    const since = (owned: readonly number[], time: number): boolean =>
      owned.every((partition) => (this.#claimedAt[partition] ?? 0) > time);
    this.#driver = new FaultDriver(ground, this.#slots, { since });
    this.#driver.onStrike = (fault) => {
      this.#counts.faults += 1;
      this.#counts.last = describe(fault).trim().replaceAll(/ +/g, ' ');
      this.#say(this.#counts.last);
    };
  }

  get #scenario(): string {
    return this.#options.scenario ?? SCENARIO;
  }

  async run(): Promise<void> {
    const { forMs, instances, plan, restMsMax = REST_MS_MAX } = this.#options;
    const progress = setInterval(() => this.#tell(), PROGRESS_MS);
    try {
      await this.#begin();
      this.#phase = 'faults';
      this.#begunAt = Date.now();
      this.#startClient();
      const struck = this.#driver.run(plan);
      await sleep(forMs);
      await struck;
      this.#phase = 'healing';
      await this.#driver.heal();
      const healedAt = Date.now();
      this.#say('all is healed');
      const rested = await this.#rest(instances, healedAt + restMsMax);
      this.#say(rested ? 'all runs have ended' : `not all runs ended within ${restMsMax} ms`);
      this.#phase = 'checking';
      await this.#evidence(healedAt, rested);
    } finally {
      clearInterval(progress);
    }
  }

  async close(): Promise<void> {
    await this.#reader.stop();
    await Promise.all(this.#slots.map((slot) => slot.kill()));
    await Promise.all(this.#all.map((process) => process.kill()));
  }

  // -- beginning ---------------------------------------------------------------------------------

  async #begin(): Promise<void> {
    const { folder } = this.#notebook;
    const { seed } = this.#options;
    mkdirSync(join(folder, 'flows'));
    const scaled = await scaledScenarios(this.#scenario);
    for (const { version, workflow } of scaled) {
      writeFileSync(join(folder, 'flows', `${version}.json`), workflow);
    }
    for (let index = 0; index < SERVICES; index++) {
      const words = [ledgerFile(folder, index), this.#scenario, seed];
      const name = `service ${index}`;
      this.#services.push(this.#helper(name, 'service-process.ts', words));
    }
    const ports = await Promise.all(this.#services.map((service) => service.firstWord()));
    const names = [...scaled[0]!.scenario.services.keys()];
    this.#servicePorts = Object.fromEntries(
      names.map((name, index) => [name, Number(ports[index % SERVICES])]),
    );
    for (const slot of this.#slots) slot.up();
    await this.#reader.start(`live-chaos-checker-${process.pid}`);
    await this.#ready();
  }

  /** Until every partition has been claimed and every runner owns something. */
  async #ready(): Promise<void> {
    const { partitions } = this.#options;
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    for (const until = Date.now() + READY_MS_MAX; ; await sleep(LOOK_MS)) {
      const claimed = all.every((partition) => this.#claimedAt[partition] !== undefined);
      if (claimed && this.#slots.every(({ process }) => (process?.owned.length ?? 0) > 0)) return;
      if (Date.now() > until) {
        throw new Error(`the runners were not ready in time; see ${this.#notebook.folder}`);
      }
    }
  }

  #startRunner(index: number): LiveProcess {
    const { brokerAddress, lines, storeUrl } = this.#ground;
    const { log, store } = lines[index]!;
    const host = brokerAddress.split(':')[0]!;
    return startRunner(this.#notebook, `runner ${index}`, {
      engine: this.#options.engine ?? ENGINE,
      brokers: `${host}:${log.port}`,
      store: through(store, storeUrl),
      prefix: PREFIX,
      sessionMs: this.#options.sessionMs ?? SESSION_MS,
      services: this.#servicePorts,
    });
  }

  #startClient(): void {
    const { forMs, instances, parkedShare = PARKED_SHARE, parkedWithin = 1, seed } = this.#options;
    const order: ClientOrder = {
      ...{ brokers: `127.0.0.1:${this.#ground.clientLine.port}`, prefix: PREFIX },
      ...{ scenario: this.#scenario, seed, instances, forMs: forMs * START_SHARE },
      ...{ parkedShare, parkedWithin },
    };
    const { folder } = this.#notebook;
    const words = [startsFile(folder), cancelsFile(folder), JSON.stringify(order)];
    this.#client = this.#helper('client', 'client-process.ts', words);
  }

  #helper(name: string, file: string, words: readonly string[]): LiveProcess {
    const process = startHelper(this.#notebook, name, file, words);
    this.#all.push(process);
    return process;
  }

  // -- watching ----------------------------------------------------------------------------------

  #noted(partition: number, header: RecordHeader, valid: boolean, time: number): void {
    this.#counts.records += 1;
    if (!valid) this.#counts.void += 1;
    const { kind, run, strand } = header;
    if (kind === 'CLAIM') {
      this.#counts.claims += 1;
      this.#claimedAt[partition] = time;
    } else if (kind === 'START') this.#starts.add(run);
    else if (valid && kind === 'END' && strand === '') this.#ends.add(run);
  }

  #tell(): void {
    const ms = this.#begunAt === 0 ? 0 : Date.now() - this.#begunAt;
    const [started, ended] = [this.#starts.size, this.#ends.size];
    this.#options.onProgress?.({ phase: this.#phase, ms, started, ended, ...this.#counts });
  }

  #say(word: string): void {
    this.#options.onWord?.(word);
  }

  // -- ending ------------------------------------------------------------------------------------

  /**
   * True when every start has its answer, every run that may have begun has ended or was given up (R20),
   * and the Store holds nothing else: the fold has come to the end.
   */
  async #rest(instances: number, until: number): Promise<boolean> {
    for (; Date.now() < until; await sleep(LOOK_MS)) {
      if (this.#client?.running === true) continue;
      const starts = readLines<StartLine>(startsFile(this.#notebook.folder));
      if (starts.length < instances) continue;
      const left = starts.filter(
        ({ outcome, run }) =>
          !this.#ends.has(run) &&
          (outcome === 'acknowledged' || (outcome === 'unknown' && this.#starts.has(run))),
      );
      // nobody is given up in the ordinary way of things: do not ask the Store for each look
      if (left.length > GIVEN_UP_MAX) continue;
      const { parked } = await readStore(this.#ground.storeUrl, PREFIX);
      const dead = new Set(parked.flatMap(({ run, why }) => (why === 'dead' ? [run] : [])));
      if (left.every(({ run }) => dead.has(run)) && parked.length === dead.size) return true;
    }
    return false;
  }

  async #evidence(healedAt: number, rested: boolean): Promise<void> {
    const { forMs, instances, partitions, runners, seed } = this.#options;
    const endedAt = Date.now();
    await Promise.all(this.#slots.map((slot) => slot.drain(END_MS_MAX)));
    await this.#client?.kill();
    await Promise.all(this.#services.map((service) => service.end('stdin', END_MS_MAX)));
    const store = await readStore(this.#ground.storeUrl, PREFIX);
    const last = await this.#readAgain();
    const campaign: Campaign = {
      ...{ seed, forMs, runners, instances, partitions, healedAt, endedAt, rested },
      sessionMs: this.#options.sessionMs ?? SESSION_MS,
      ...{ scenario: this.#scenario, begunAt: this.#begunAt, skewMsMax: SKEW_MS_MAX },
    };
    const { complaints, folder, processes } = this.#notebook;
    const struck = this.#driver.struck;
    const { records, rewritten } = last;
    const topic = Array.from({ length: partitions }, (_, partition) => records[partition] ?? []);
    writeEvidence(folder, { campaign, topic, store, struck, processes, complaints, rewritten });
  }

  /** The whole topic once more, from its beginning, and compared with what was read as it grew. */
  async #readAgain(): Promise<TopicReader> {
    const again = new TopicReader(this.#ground.brokerAddress, TOPIC);
    const ends = await again.ends();
    await again.start(`live-chaos-checker-${process.pid}-again`);
    while (!again.hasRead(ends) && again.rewritten.length === 0) await sleep(LOOK_MS);
    await again.stop();
    again.compare(this.#reader);
    again.rewritten.unshift(...this.#reader.rewritten);
    return again;
  }
}
