/*
 * What a server tells about itself: is it alive, may it be counted on, and how far behind is each role.
 *
 * `/healthz` answers while the process can answer at all. `/readyz` is true once every partition that
 * the group suggests is owned, at least one is, and Log and Store answer. `/metrics` has, for
 * each partition: the owner's lag (end of the Log - what it has read), the fold's lag (what was read -
 * what the Store has), the index's lag (what was read - what the index has), and what is open, waits to
 * begin, and runs; for each partition of the events log that is correlated here, how many events have not
 * met those who listen. Lags are counted in records.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Ground } from '../presets/cluster.ts';
import type { PartitionStatus, Runner } from '../runtime/index.ts';
import { UserError } from './user-error.ts';

/** What does not answer within this does not answer, ms. */
const ASK_MS_MAX = 2_000;

export interface Readiness {
  readonly ready: boolean;
  readonly owned: number;
  readonly assigned: number;
  readonly log: boolean;
  readonly store: boolean;
  /** why it is not ready */
  readonly why: readonly string[];
}

export interface PartitionMetrics extends PartitionStatus {
  /** end of the Log */
  readonly end?: number;
  readonly lag: {
    readonly owner?: number;
    readonly fold?: number;
    readonly index?: number;
    readonly lifecycle?: number;
  };
}

export interface Metrics {
  readonly name: string;
  /** ISO 8601 */
  readonly since: string;
  readonly partitionsOfLog: number;
  readonly ready: boolean;
  readonly totals: {
    readonly owned: number;
    readonly open: number;
    readonly waitingStarts: number;
    readonly running: number;
    /** activities that wait for others to end (metadata.limit) */
    readonly waiting: number;
    readonly ownerLag: number;
    readonly foldLag: number;
    readonly indexLag: number;
    readonly eventsLag: number;
  };
  readonly memoryBytes: number;
  readonly partitions: readonly PartitionMetrics[];
  readonly events: readonly EventMetrics[];
}

/** A partition of the events log that this process correlates. */
export interface EventMetrics {
  readonly partition: number;
  /** up to where its events have been matched, and where it ends */
  readonly offset?: number;
  readonly end?: number;
  readonly lag?: number;
}

export class Health {
  private readonly name: string;
  private readonly since = new Date().toISOString();
  private ground: Ground | undefined;
  private runner: Runner | undefined;
  private draining = false;

  constructor(name: string) {
    this.name = name;
  }

  /** From here on there is something to tell about. */
  serving(ground: Ground, runner: Runner): void {
    this.ground = ground;
    this.runner = runner;
  }

  drains(): void {
    this.draining = true;
  }

  async readiness(): Promise<Readiness> {
    const why: string[] = [];
    const status = this.runner?.status() ?? [];
    const owned = status.filter(({ phase }) => phase === 'owning').length;
    const assigned = status.filter((one) => one.assigned).length;
    if (this.runner === undefined) why.push('it is starting');
    else if (this.draining) why.push('it is draining');
    else if (owned === 0) why.push('no partition is owned yet');
    else if (owned < assigned)
      why.push(`${assigned - owned} assigned partitions are not owned yet`);
    for (const { partition, stopped } of status) {
      if (stopped !== undefined) why.push(`partition ${partition} has stopped: ${stopped}`);
    }
    const [log, store] = await Promise.all([this.logAnswers(), this.storeAnswers()]);
    if (!log) why.push('the Log does not answer');
    if (!store) why.push('the Store does not answer');
    return { ready: why.length === 0, owned, assigned, log, store, why };
  }

  async metrics(): Promise<Metrics> {
    const partitions = await Promise.all(
      (this.runner?.status() ?? []).map((status) => this.measured(status)),
    );
    const events = await Promise.all(
      (this.runner?.correlating() ?? []).map((one) => this.correlated(one)),
    );
    const sum = (of: (one: PartitionMetrics) => number | undefined): number =>
      partitions.reduce((total, one) => total + (of(one) ?? 0), 0);
    const { ready, owned } = await this.readiness();
    return {
      name: this.name,
      since: this.since,
      partitionsOfLog: this.ground?.broker.partitions ?? 0,
      ready,
      totals: {
        owned,
        open: sum(({ open }) => open),
        waitingStarts: sum(({ waitingStarts }) => waitingStarts),
        running: sum(({ running }) => running),
        waiting: sum(({ waiting }) => waiting),
        ownerLag: sum(({ lag }) => lag.owner),
        foldLag: sum(({ lag }) => lag.fold),
        indexLag: sum(({ lag }) => lag.index),
        eventsLag: events.reduce((total, { lag = 0 }) => total + lag, 0),
      },
      memoryBytes: process.memoryUsage.rss(),
      partitions,
      events,
    };
  }

  private async measured(status: PartitionStatus): Promise<PartitionMetrics> {
    const { offset, applied, indexed, told } = status;
    const range = this.ground?.broker.range(status.partition);
    const end = range === undefined ? undefined : (await soon(range))?.end;
    // the owner may have read on while the broker was asked
    const owner = end === undefined || offset === undefined ? undefined : Math.max(0, end - offset);
    const behind = (at: number | undefined): number | undefined =>
      offset === undefined || at === undefined ? undefined : Math.max(0, offset - at);
    const fold = behind(applied);
    const index = behind(indexed);
    const lifecycle = behind(told);
    return {
      ...status,
      ...(end === undefined ? {} : { end }),
      lag: {
        ...(owner === undefined ? {} : { owner }),
        ...(fold === undefined ? {} : { fold }),
        ...(index === undefined ? {} : { index }),
        ...(lifecycle === undefined ? {} : { lifecycle }),
      },
    };
  }

  private async correlated(one: { partition: number; offset?: number }): Promise<EventMetrics> {
    const range = this.ground?.events.range(one.partition);
    const found = range === undefined ? undefined : await soon(range);
    if (found === undefined) return one;
    const { begin, end } = found;
    return { ...one, end, lag: Math.max(0, end - (one.offset ?? begin)) };
  }

  private async logAnswers(): Promise<boolean> {
    const { broker } = this.ground ?? {};
    return broker !== undefined && (await soon(broker.range(0))) !== undefined;
  }

  private async storeAnswers(): Promise<boolean> {
    const { store } = this.ground ?? {};
    return store !== undefined && (await soon(store.load(0))) !== undefined;
  }
}

/** The answer, or undefined if it fails or does not come soon. */
function soon<T>(answer: PromiseLike<T>): Promise<T | undefined> {
  return new Promise((done) => {
    const timer = setTimeout(() => done(undefined), ASK_MS_MAX);
    const settle = (value: T | undefined): void => {
      clearTimeout(timer);
      done(value);
    };
    answer.then(settle, () => settle(undefined));
  });
}

/** Answers on `address` (HOST:PORT; port 0 = any). Gives the server, which keeps no process alive. */
export function answerHealth(health: Health, address: string): Promise<Server> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replaceAll(/^\[|\]$/g, '');
  const port = Number(address.slice(colon + 1));
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    const say = async (): Promise<void> => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return json(response, 405, {});
      if (path === '/healthz') return json(response, 200, { ok: true });
      if (path === '/readyz') {
        const readiness = await health.readiness();
        return json(response, readiness.ready ? 200 : 503, readiness);
      }
      if (path === '/metrics') return json(response, 200, await health.metrics());
      json(response, 404, { known: ['/healthz', '/readyz', '/metrics'] });
    };
    say().catch((error: unknown) => json(response, 500, { error: String(error) }));
  });
  return new Promise((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'another process has this port' : error.message;
      failed(new UserError(`--health ${address}: ${why}`));
    });
    server.listen(port, host, () => {
      server.unref();
      done(server);
    });
  });
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(value)}\n`);
}
