/* What a step that is made again needs besides the record it led to. */
import type { StepOptions } from '../core/index.ts';
import type { Plan } from '../dsl/index.ts';
import type { RecordBody, State } from '../wire/index.ts';
import type { LiveRun, Placed } from './places.ts';

export interface Surroundings {
  readonly live: LiveRun | undefined;
  readonly unit: readonly Placed[];
  /** plan of a definition, by its hash; throws what says that it is not to be had */
  readonly planOf: (hash: string) => Plan;
  readonly options: StepOptions;
  /** a State as it stands, in the words of the plans at hand */
  readonly mapped: (state: State) => State;
  readonly mappedBody: <Body extends RecordBody>(body: Body) => Body;
}
