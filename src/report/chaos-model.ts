/*
 * What a report of a chaos campaign says, as plain data: numbers, words and one or two runs as they
 * happened. The command line fills it in; the page and the summary on a terminal are drawn from it.
 *
 * Invariants: nothing here refers to the engine or the simulator; every text is shown as it stands and
 * may hold anything, so whoever draws it escapes it; times of a timeline are virtual ms since the
 * beginning of its run.
 */

export interface ChaosReport {
  /** ISO time at which it was made */
  readonly made: string;
  readonly version: string;
  readonly campaigns: readonly CampaignReport[];
}

export type Verdict =
  | 'held'
  | 'broken'
  /** too many runs were cut off to say anything */
  | 'inconclusive'
  /** no run was finished */
  | 'nothing';

export interface CampaignReport {
  readonly scenario: string;
  readonly summary: string;
  readonly file: string;
  /** the test of a suite that this campaign was made for, and the file of the suite */
  readonly test?: string;
  readonly suite?: string;
  readonly profile: { readonly name: string; readonly says: string };
  readonly seed: number;
  readonly verdict: Verdict;
  /** one run of a token, not a campaign: there are no figures to show */
  readonly replay?: true;
  /** the user stopped it: what is said holds for the runs so far */
  readonly interrupted: boolean;
  /** ranges as people read them, `3-20` */
  readonly sizes: {
    readonly instances: string;
    readonly runners: string;
    readonly partitions: string;
  };
  readonly counts: CampaignCounts;
  readonly promises: readonly PromiseRow[];
  readonly faults: readonly FaultRow[];
  readonly matrix: Matrix;
  /** the same by the State that was struck: where its run stood */
  readonly states: Matrix;
  readonly situations: readonly Situation[];
  readonly gestures: readonly { readonly name: string; readonly count: number }[];
  readonly outcomes: readonly OutcomeRow[];
  readonly pace: readonly Pace[];
  /** what the reader should know besides: a stale entry of the corpus, a path that was too rare */
  readonly notes: readonly string[];
  /** runs the same campaign again */
  readonly again: string;
  readonly failure?: FailureReport;
  /** all failures, those that are most likely one bug together; the largest group first */
  readonly groups: readonly FailureGroup[];
  /** of a sweep: nothing was drawn, everything was tried */
  readonly exhaustive?: Exhaustive;
  /** of a campaign that held: a run in which much was done to the workflow */
  readonly sample?: RunReport;
}

export interface FailureGroup {
  readonly oracle: string;
  readonly promise: string;
  /** faults of the smallest plan, in words; none = it breaks by itself */
  readonly faults: readonly string[];
  readonly count: number;
  readonly said: string;
  readonly where: string;
  /** replays one of them */
  readonly command: string;
}

export interface Exhaustive {
  /** port calls of the fault-free run */
  readonly boundaries: number;
  /** faults that fit there: as many runs */
  readonly faults: number;
  /** pairs of crashes that were asked for: as many runs more */
  readonly pairs: number;
  /** runs that came to the same end as the fault-free one */
  readonly equal: number;
  /** ... to another one that no oracle objects to: the workflow heard of the fault, or its time ran out */
  readonly other: number;
  /** a run that did not come to the place of its fault */
  readonly never: number;
  /** everything was tried */
  readonly complete: boolean;
}

export interface CampaignCounts {
  readonly runs: number;
  readonly corpusRuns: number;
  /** runs that were made twice and had to be equal */
  readonly repeated: number;
  readonly instances: number;
  readonly steps: number;
  readonly faults: number;
  readonly checks: number;
  readonly takeovers: number;
  readonly voidRecords: number;
  readonly inconclusive: number;
  readonly elapsedMs: number;
  readonly runsPerSecond: number;
  readonly stepsPerSecond: number;
  readonly workers: number;
}

export interface PromiseRow {
  /** P1 ... P12, `rules` for those of the Log, `yours` for those of the scenario */
  readonly id: string;
  readonly says: string;
  readonly checks: number;
  readonly broken: number;
  /** what it consists of, for those who want to know */
  readonly parts: readonly {
    readonly name: string;
    readonly says: string;
    readonly checks: number;
  }[];
}

export interface FaultRow {
  readonly kind: string;
  readonly says: string;
  readonly planned: number;
  readonly fired: number;
}

/** Fault kind x point: how often it fired there. */
export interface Matrix {
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly {
    readonly kind: string;
    readonly says: string;
    /** undefined = the profile never does it there */
    readonly cells: readonly (MatrixCell | undefined)[];
  }[];
}

export interface MatrixColumn {
  readonly label: string;
  /** columns of one group stand together */
  readonly group: string;
}

export interface MatrixCell {
  readonly fired: number;
  /** of these, while a runner was taking over */
  readonly recovering: number;
}

export interface Situation {
  readonly says: string;
  readonly count: number;
}

export interface OutcomeRow {
  readonly path: string;
  readonly instances: number;
  readonly share: number;
  readonly expected: number;
  readonly enough: boolean;
}

/** How far the campaign was at some time. */
export interface Pace {
  readonly ms: number;
  readonly runs: number;
  readonly steps: number;
}

// -- one run -------------------------------------------------------------------------------------

export interface RunReport {
  readonly where: string;
  readonly size: {
    readonly instances: number;
    readonly runners: number;
    readonly partitions: number;
    readonly faults: number;
  };
  /** one sentence per fault, in order */
  readonly story: readonly string[];
  readonly token: string;
  /** replays it */
  readonly command: string;
  readonly traceHash: string;
  readonly timeline: Timeline;
}

export interface FailureReport extends RunReport {
  readonly promise: string;
  /** the promise in words */
  readonly says: string;
  readonly violations: readonly {
    readonly promise: string;
    readonly oracle: string;
    readonly said: string;
  }[];
  /** no fault can be taken away */
  readonly minimal: boolean;
}

// -- timelines -----------------------------------------------------------------------------------

export interface Timeline {
  readonly lanes: readonly Lane[];
  /** in order of time */
  readonly marks: readonly Mark[];
  readonly spans: readonly Span[];
  readonly arrows: readonly Arrow[];
  /** instances, by the number that marks name */
  readonly instances: readonly { readonly id: number; readonly label: string }[];
  readonly healedAt: number;
  readonly endedAt: number;
  /** marks that were left out because there are too many */
  readonly leftOut: number;
}

export interface Lane {
  readonly label: string;
  readonly kind: 'client' | 'runner' | 'partition' | 'store' | 'services';
}

export interface Mark {
  readonly at: number;
  /** index of the lane */
  readonly lane: number;
  readonly kind: 'record' | 'call' | 'start' | 'fault' | 'life';
  /** what stands on it: a record kind, a service, a fault */
  readonly label: string;
  /** void record, lost answer, refused start */
  readonly void: boolean;
  /** small and without a label: a MARK */
  readonly minor: boolean;
  /** the violation is about it */
  readonly accused: boolean;
  readonly instance?: number;
  readonly title: string;
  readonly details: readonly Detail[];
}

export interface Detail {
  readonly name: string;
  readonly value: string;
  /** what it was in the record before it of the same strand, if it was different */
  readonly was?: string;
}

/** A stretch of time on a lane: a process is up or frozen, a row is in the Store. */
export interface Span {
  readonly lane: number;
  readonly from: number;
  readonly to: number;
  readonly kind: 'up' | 'frozen' | 'parked';
  readonly title: string;
  readonly instance?: number;
}

/** From a mark to one that it led to. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly kind: 'calls' | 'answers' | 'leads';
}
