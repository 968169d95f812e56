/* The door of scenarios: loading them, and what a world and a campaign need of them. */
export { isHttpService } from './called-services.ts';
export { finalRuns, finalWorld } from './final-world.ts';
export type * from './format.ts';
export { drawInput, drawWorkload, type DrawnInput } from './inputs.ts';
export { withInvariantModules, type WorldInvariant } from './invariants.ts';
export { calledServices } from './called-services.ts';
export { loadScenario, loadScenarioFile, type ScenarioResult } from './load.ts';
export { OutcomeTally, pathOf, type PathShare } from './outcomes.ts';
export { serviceModels } from './services.ts';
export { scenarioSubject } from './subject.ts';
