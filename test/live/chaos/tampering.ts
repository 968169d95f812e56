/*
 * Ways to falsify the evidence of a campaign that holds, each as small as it can be and sound in all
 * other respects, and who has to notice. Whatever evidence they are given, they find a place for it.
 */
import { type Entry, readLogs } from '../../../src/chaos/oracles/index.ts';
import type { StoredRecord } from '../../../src/ports/index.ts';
import {
  canonicalJson,
  decodeRecord,
  encodeRecord,
  type LogRecord,
  type RecordHeader,
  sha256Hex,
} from '../../../src/wire/index.ts';
import type { AskedLine, DoneLine, Evidence } from '../../../chaos/live/evidence.ts';

export interface Tampering {
  readonly name: string;
  /** who notices, among others maybe */
  readonly oracle: string;
  tamper(evidence: Evidence): Evidence;
}

const A_KIND_OF_CALL = { request: { merchantId: 'somebody else' } };

export const TAMPERINGS: readonly Tampering[] = [
  {
    name: 'an END is gone: another record stands in its place and number',
    oracle: 'live-acknowledged-ends-once',
    tamper(evidence) {
      const end = last(evidence, ({ header }) => isRootEnd(header) && header.unitSize === 1);
      return withRecord(evidence, end, markInPlaceOf(evidence, end));
    },
  },
  {
    name: 'a transition happens twice: a valid copy of its record follows in the tenure in force',
    oracle: 'p2-every-transition-once',
    tamper(evidence) {
      const step = last(
        evidence,
        ({ header, offset, partition }) =>
          header.kind === 'STEP' &&
          header.unitSize === 1 &&
          header.tenure === tenureInForce(evidence, partition).offset &&
          evidence.topic[partition]![offset] !== undefined,
      );
      const { partition } = step;
      const { nAfter } = readLogs(evidence.topic).partitions[partition]!.entries.at(-1)!;
      const { body, header } = decodeRecord(step.bytes);
      const copy = { ...header, n: nAfter + 1, unit: nAfter + 1 };
      return appended(evidence, partition, { header: copy, body });
    },
  },
  {
    name: 'one effect key comes with two requests',
    oracle: 'live-one-request-per-key',
    tamper(evidence) {
      const { request } = A_KIND_OF_CALL;
      const digest = sha256Hex(canonicalJson(request));
      return withAsked(evidence, ({ line, next }) => ({
        ...{ ...line, id: next, request, digest },
      }));
    },
  },
  {
    name: 'a request in the ledger was changed afterwards',
    oracle: 'live-one-request-per-key',
    tamper: (evidence) =>
      withLines(evidence, (line, first) =>
        line === first ? { ...first, request: A_KIND_OF_CALL.request } : line,
      ),
  },
  {
    name: 'an effect was applied twice',
    oracle: 'live-one-request-per-key',
    tamper(evidence) {
      const applied = evidence.services.flat().find((line) => line.what === 'done' && line.applied);
      const again = withAsked(
        evidence,
        ({ line, next }) => ({ ...line, id: next }),
        (line) => line.id === applied?.id && line.what === 'asked',
      );
      const services = again.services.map((lines) => {
        const asked = lines.at(-1)!;
        const done = { ...(applied as DoneLine), id: asked.id };
        return evidence.services.flat().includes(asked) ? lines : [...lines, done];
      });
      return { ...again, services };
    },
  },
  {
    name: 'a service was asked for what no valid record schedules',
    oracle: 'live-calls-are-valid',
    tamper: (evidence) =>
      withAsked(evidence, ({ line, next }) => ({ ...line, id: next, attempt: 77 })),
  },
  {
    name: 'a call was made before its record was appended',
    oracle: 'live-calls-are-valid',
    tamper: (evidence) =>
      withLines(evidence, (line, first) =>
        line === first ? { ...first, at: evidence.campaign.begunAt - 1_000_000 } : line,
      ),
  },
  {
    name: 'one attempt was made twice within one tenure',
    oracle: 'p6-retries-within-policy',
    tamper(evidence) {
      const { partitions } = readLogs(evidence.topic);
      const quiet = partitions
        .flatMap(({ entries }) => entries)
        .findLast(
          ({ body, header, partition }) =>
            body.kind === 'STEP' &&
            body.activity !== undefined &&
            header.tenure === tenureInForce(evidence, partition).offset,
        )!;
      const key = quiet.body.kind === 'STEP' ? quiet.body.activity!.key : '';
      return withAsked(
        evidence,
        ({ line, next }) => ({ ...line, id: next }),
        (line) => line.what === 'asked' && line.key === key,
      );
    },
  },
  {
    name: 'two processes act as owner of one tenure',
    oracle: 'live-one-caller-per-tenure',
    tamper: (evidence) =>
      withLines(evidence, (line, first) => (line === first ? { ...first, pid: 99_999 } : line)),
  },
  {
    name: 'an acknowledged start left no record',
    oracle: 'p1-start-never-lost',
    tamper(evidence) {
      const lost = { ...evidence.starts[0]!, run: '01a1f7b1-c95d-7e53-91df-bd16cd29fac3' };
      return { ...evidence, starts: [...evidence.starts.slice(1), lost] };
    },
  },
  {
    name: 'a client was told that its run is cancelled, and it was not',
    oracle: 'live-cancels-come-true',
    tamper: (evidence) => ({
      ...evidence,
      cancels: [{ at: evidence.campaign.begunAt, run: evidence.starts[0]!.run, outcome: 'done' }],
    }),
  },
  {
    name: 'a run is there that nobody has asked for',
    oracle: 'live-every-start-is-answered',
    tamper: (evidence) => ({ ...evidence, starts: evidence.starts.slice(1) }),
  },
  {
    name: 'a timer of the Store fired early',
    oracle: 'p4-timers',
    tamper(evidence) {
      const resume = last(evidence, ({ header }) => header.kind === 'RESUME');
      const { topic } = evidence;
      const early = topic.map((records, partition) =>
        records.map((record) =>
          partition === resume.partition && record.offset >= resume.offset
            ? { ...record, time: record.time - 5_000 }
            : record,
        ),
      );
      return { ...evidence, topic: early };
    },
  },
  {
    name: 'a run ended with another output than its answers give',
    oracle: 'differential',
    tamper(evidence) {
      const end = last(
        evidence,
        ({ body, header }) => isRootEnd(header) && body.kind === 'END' && !body.end.error,
      );
      const { body, header } = decodeRecord(end.bytes);
      if (body.kind !== 'END') throw new Error('that is no END');
      const output = { ...(body.end.output as object), outcome: 'onboarded', merchantId: 'm-1' };
      const other = { ...body, end: { ...body.end, output } };
      return withRecord(evidence, end, { header, body: other });
    },
  },
  {
    name: 'a strand is left in the Store',
    oracle: 'live-nothing-waits',
    tamper(evidence) {
      const park = last(evidence, ({ header }) => header.kind === 'PARK');
      const { definition, hop, run, strand } = park.header;
      const row = {
        ...{ partition: park.partition, identity: park.offset, run, strand, hop, definition },
        ...{ why: 'wait', due: 0, reason: null },
      };
      return { ...evidence, store: { ...evidence.store, parked: [row] } };
    },
  },
  {
    name: 'the Store was not folded to the end',
    oracle: 'p9-everything-ends',
    tamper(evidence) {
      const fold = evidence.store.fold.map((row) => ({ ...row, applied: 1 }));
      return { ...evidence, store: { ...evidence.store, fold } };
    },
  },
  {
    name: 'the index has a run as ended otherwise than it did',
    oracle: 'r12-index',
    tamper(evidence) {
      const [row, ...others] = evidence.store.run;
      const run = [{ ...row!, status: 'cancelled' as const }, ...others];
      return { ...evidence, store: { ...evidence.store, run } };
    },
  },
  {
    name: 'a record was taken out of the topic',
    oracle: 'live-log-only-grows',
    tamper: (evidence) => ({
      ...evidence,
      topic: evidence.topic.map((records, partition) =>
        partition === 0 ? records.toSpliced(Math.floor(records.length / 2), 1) : records,
      ),
    }),
  },
  {
    name: 'no zombie wrote anything: its late records were taken for those of the new owner',
    oracle: 'live-zombies-are-void',
    tamper(evidence) {
      const { partitions } = readLogs(evidence.topic);
      const late = partitions.flatMap(({ entries }) => entries.filter(({ valid }) => !valid));
      return late.reduce((changed, entry) => {
        const { body, header } = decodeRecord(entry.bytes);
        const tenure = tenureInForce(evidence, entry.partition).offset;
        return withRecord(changed, entry, { header: { ...header, tenure }, body });
      }, evidence);
    },
  },
  {
    name: 'a process ended by itself',
    oracle: 'p10-no-complaint',
    tamper: (evidence) => ({
      ...evidence,
      processes: [
        ...evidence.processes,
        { at: evidence.campaign.begunAt, process: 'runner 0', pid: 1, event: 'ended', how: '1' },
      ],
    }),
  },
];

function isRootEnd({ kind, strand }: RecordHeader): boolean {
  return kind === 'END' && strand === '';
}

/** The last valid record that fits. */
function last(evidence: Evidence, fits: (entry: Entry) => boolean): Entry {
  const { partitions } = readLogs(evidence.topic);
  const found = partitions
    .flatMap(({ entries }) => entries.filter((entry) => entry.valid && fits(entry)))
    .sort((a, b) => a.time - b.time)
    .at(-1);
  if (found === undefined) throw new Error('the evidence has no such record');
  return found;
}

function tenureInForce({ topic }: Evidence, partition: number): Entry {
  return readLogs(topic).partitions[partition]!.claims.at(-1)!;
}

/** A MARK that says nothing new, with the number that the record had. */
function markInPlaceOf(evidence: Evidence, entry: Entry): LogRecord {
  const { claims } = readLogs(evidence.topic).partitions[entry.partition]!;
  const claim = claims.find(({ offset }) => offset === entry.header.tenure)!.body;
  if (claim.kind !== 'CLAIM') throw new Error('that is no CLAIM');
  const header: RecordHeader = {
    ...{ ...entry.header, kind: 'MARK', targets: [], run: '', strand: '', hop: 0, definition: '' },
  };
  return { header, body: { kind: 'MARK', mark: claim.mark, running: [] } };
}

function withRecord(evidence: Evidence, place: Entry, record: LogRecord): Evidence {
  const topic = evidence.topic.map((records, partition) =>
    partition === place.partition
      ? records.map((one) =>
          one.offset === place.offset ? { ...one, bytes: encodeRecord(record) } : one,
        )
      : records,
  );
  return { ...evidence, topic };
}

function appended(evidence: Evidence, to: number, record: LogRecord): Evidence {
  const topic = evidence.topic.map((records, partition): readonly StoredRecord[] => {
    if (partition !== to) return records;
    const { offset, time } = records.at(-1)!;
    return [...records, { offset: offset + 1, time, bytes: encodeRecord(record) }];
  });
  return { ...evidence, topic };
}

type Line = AskedLine | DoneLine;

/** All ledgers, line by line; `first` is the first request of the first service. */
function withLines(evidence: Evidence, change: (line: Line, first: AskedLine) => Line): Evidence {
  const first = evidence.services[0]!.find((line) => line.what === 'asked')!;
  return {
    ...evidence,
    services: evidence.services.map((lines) => lines.map((line) => change(line, first))),
  };
}

/** One request more at the end of a ledger, made of one that is there. */
function withAsked(
  evidence: Evidence,
  make: (of: { readonly line: AskedLine; readonly next: number }) => AskedLine,
  fits: (line: Line) => boolean = (line) => line.what === 'asked',
): Evidence {
  const service = evidence.services.findIndex((lines) => lines.some(fits));
  const lines = evidence.services[service]!;
  const line = lines.find(fits) as AskedLine;
  const next = Math.max(...lines.map(({ id }) => id)) + 1;
  return {
    ...evidence,
    services: evidence.services.with(service, [...lines, make({ line, next })]),
  };
}
