/*
 * Offers of one record that resolves one other, and of no hop: what is refused, buried or never begun, and
 * schedules that begin and end.
 */
import { standardError, type StepOptions } from '../core/index.ts';
import type { Clock } from '../ports/index.ts';
import {
  type DefinitionRef,
  type RecordBody,
  type ScheduleBody,
  type WorkflowError,
} from '../wire/index.ts';
import type { Attempts } from './attempts.ts';
import type { Lifecycle } from './happenings.ts';
import { type Bodies, bodyOf, LazyBodies } from './held-bodies.ts';
import { undeployed } from './learnt.ts';
import { GONE, LATER, type Offer } from './offer.ts';
import type { Plans } from './plans.ts';
import type { CronNext } from './schedules.ts';
import { draft } from './unit.ts';
import type { Entry, LogView } from './view.ts';

/** What a schedule is to be. */
export interface ScheduleRequest {
  readonly body: ScheduleBody;
  readonly hash: string;
  /** identity of the row that goes */
  readonly replaces: number | undefined;
  /** the newest SCHEDULE that was known when this was decided */
  readonly seen: number | undefined;
}

export interface OfferContext {
  readonly cron: CronNext;
  readonly attempts: Pick<Attempts, 'answerOf' | 'mayRun'>;
  readonly view: LogView;
  readonly plans: Plans;
  readonly clock: Clock;
  readonly observe: StepOptions['observe'];
  readonly lifecycle: Lifecycle;
  readonly complain: (said: string) => void;
  /** the partition: home of all its runs */
  readonly home: number;
}

/** Offers that no hop makes. */
export class RecordOffers {
  protected readonly context: OfferContext;

  constructor(context: OfferContext) {
    this.context = context;
  }

  /** What cannot be processed is parked with its reason and its State (P10). */
  bury(entry: Entry, reason: string): Offer {
    return this.simple(entry, (body) => {
      const { header } = entry;
      if (body.kind !== 'STEP' && body.kind !== 'CANCELLING') return undefined;
      const { state, cause } = body;
      const activity = body.kind === 'STEP' ? body.activity : undefined;
      const { run, strand, hop, definition, journal } = header;
      return draft(
        'PARK',
        {
          kind: 'PARK',
          state,
          cause,
          why: 'dead',
          reason,
          ...(activity === undefined ? {} : { activity }),
        },
        { run, strand, hop: hop + 1, definition, ...(journal && { journal }) },
      );
    });
  }

  /** Cancels a run that has not begun. */
  cancelStart(entry: Entry, control: Entry, gone: () => void): Offer {
    const offer = this.simple(entry, (body) => {
      const { header } = entry;
      if (body.kind !== 'START' || !this.isOpen(control)) return undefined;
      const { definition, caller } = body;
      return draft(
        'END',
        {
          kind: 'END',
          end: { cancelled: true },
          cause: { kind: 'control', verb: 'cancel' },
          definition,
          ...(caller === undefined ? {} : { caller }),
        },
        { run: header.run, hop: 1, definition: header.definition },
      );
    });
    return {
      ...offer,
      make: (batch) => {
        const made = offer.make(batch);
        if (made.hopped === 'gone') gone();
        if (typeof made.hopped === 'string' || !('targets' in made.hopped)) return made;
        const { targets } = made.hopped;
        return { ...made, hopped: { ...made.hopped, targets: [...targets, control.identity] } };
      },
    };
  }

  /** A schedule begins, in the place of the one that there was. */
  schedule(entry: Entry, about: ScheduleRequest, gone: () => void): Offer {
    const offer = this.simple(entry, () => {
      const { run } = entry.header;
      if (this.context.view.schedules.get(run) !== about.seen) return undefined;
      const { body, hash } = about;
      return draft('SCHEDULE', body, { run, definition: hash });
    });
    return {
      ...offer,
      make: (batch) => {
        // Somebody else has asked for the same, and it is beginning.
        if (batch.runs.has(entry.header.run)) return LATER;
        const made = offer.make(batch);
        if (made.hopped === 'gone') gone();
        if (typeof made.hopped === 'string' || !('records' in made.hopped)) return made;
        if (about.replaces === undefined) return made;
        const { run } = entry.header;
        const resume = { kind: 'RESUME', rows: [about.replaces], why: 'replaced' } as const;
        const records = [draft('RESUME', resume, { run }), ...made.hopped.records];
        return { ...made, hopped: { ...made.hopped, records }, closing: true };
      },
    };
  }

  /** A schedule ends. */
  unschedule(entry: Entry, row: number, gone: () => void): Offer {
    const offer = this.simple(entry, () => {
      if (this.context.view.resumed.has(row) && !this.context.view.isArmed(row)) return undefined;
      return draft(
        'RESUME',
        { kind: 'RESUME', rows: [row], why: 'unscheduled' },
        { run: entry.header.run },
      );
    });
    return {
      ...offer,
      make: (batch) => {
        // Somebody else has asked for the same, and it is ending.
        if (batch.rows.has(row)) return LATER;
        const made = offer.make(batch);
        if (made.hopped === 'gone') gone();
        return made;
      },
    };
  }

  /** Says what became of a request that no hop carries out. */
  answerControl(entry: Entry, outcome: 'done' | 'refused', reason: string): Offer {
    return this.simple(entry, (body) => {
      const { header } = entry;
      if (body.kind !== 'CONTROL') return undefined;
      return draft(
        'ANSWER',
        { kind: 'ANSWER', controlId: body.id, outcome, reason },
        { run: header.run },
      );
    });
  }

  /** A run of which nobody has deployed the definition ends at once and says so. */
  unknown(entry: Entry, fetched: Bodies): Offer {
    const error = (ref: DefinitionRef): WorkflowError =>
      standardError('configuration', undeployed(ref), '');
    return this.stillborn(entry, error, fetched);
  }

  protected stillborn(
    entry: Entry,
    errorOf: (definition: DefinitionRef) => WorkflowError,
    fetched?: Bodies,
  ): Offer {
    const record = (body: RecordBody): ReturnType<typeof draft> | undefined => {
      const { header } = entry;
      if (body.kind !== 'START') return undefined;
      const { definition, caller } = body;
      return draft(
        'END',
        {
          kind: 'END',
          end: { error: errorOf(definition) },
          cause: { kind: 'start' },
          definition,
          ...(caller === undefined ? {} : { caller }),
        },
        { run: header.run, hop: 1, definition: header.definition },
      );
    };
    return this.simple(entry, record, fetched);
  }

  /** One record that resolves one entry and concerns nothing else. */
  private simple(
    entry: Entry,
    record: (body: RecordBody) => ReturnType<typeof draft> | undefined,
    fetched: Bodies = new LazyBodies(),
  ): Offer {
    return {
      entry,
      fetched,
      make: (batch) => {
        const { view } = this.context;
        const { identity, header } = entry;
        if (view.open.get(identity) !== entry) return GONE;
        if (batch.targets.has(identity) || batch.runs.get(header.run)) return LATER;
        const body = bodyOf(entry, fetched);
        if (body === undefined) {
          return { hopped: { needs: [entry] }, closing: false, joinWaits: undefined };
        }
        const drafted = record(body);
        if (drafted === undefined) return GONE;
        const { run } = header;
        const at = this.now();
        const unit = { targets: [identity], records: [drafted], run, at, transitions: [] };
        return { hopped: unit, closing: false, joinWaits: undefined };
      },
    };
  }

  protected isOpen(entry: Entry): boolean {
    return this.context.view.open.get(entry.identity) === entry;
  }

  protected now(): number {
    return this.context.clock.now();
  }
}
