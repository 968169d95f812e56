/* What a fault plan may know of a batch: its headers, and on demand which task it is about. */
import { decodeHeader, decodeRecord, type RecordHeader } from '../../wire/index.ts';
import type { RecordSummary } from './faults.ts';

class Summary implements RecordSummary {
  private readonly bytes: Uint8Array;
  private readonly header: RecordHeader;
  private about: { readonly pointer: string; readonly task: string } | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.header = decodeHeader(bytes);
  }

  get kind(): RecordHeader['kind'] {
    return this.header.kind;
  }

  get run(): string {
    return this.header.run;
  }

  get strand(): string {
    return this.header.strand;
  }

  get joins(): number {
    return this.header.joins;
  }

  get pointer(): string {
    return this.read().pointer;
  }

  get task(): string {
    return this.read().task;
  }

  private read(): { readonly pointer: string; readonly task: string } {
    this.about ??= subject(this.bytes);
    return this.about;
  }
}

function subject(bytes: Uint8Array): { readonly pointer: string; readonly task: string } {
  const { body } = decodeRecord(bytes);
  if (body.kind !== 'STEP' && body.kind !== 'PARK') return { pointer: '', task: '' };
  const { activity, state } = body;
  return { pointer: activity?.pointer ?? state.position, task: activity?.name ?? '' };
}

/** Summaries of a batch, made on the first call and kept. */
export function summaries(batch: readonly Uint8Array[]): () => readonly RecordSummary[] {
  let made: readonly RecordSummary[] | undefined;
  return () => {
    made ??= batch.map((bytes) => new Summary(bytes));
    return made;
  };
}
