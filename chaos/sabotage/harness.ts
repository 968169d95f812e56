/*
 * Tests the tester: breaks a copy of the harness in one way and asks the inspection what it notices.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { CANARY, SABOTAGES } from './catalogue.ts';
import type { HarnessSabotage } from './harness-sabotages.ts';
import type { Complaint } from './inspection.ts';
import type { Scratch } from './scratch.ts';

const INSPECTION_MS_MAX = 10 * 60_000;

/** What the inspection says of a harness with these edits. */
export function inspected(
  scratch: Scratch,
  { edits, name }: Pick<HarnessSabotage, 'edits' | 'name'>,
): Promise<readonly Complaint[]> {
  const canary = SABOTAGES.find((one) => one.name === CANARY);
  if (canary === undefined) throw new Error(`there is no sabotage ${CANARY}`);
  const home = scratch.harness(name, edits);
  const engine = scratch.engine(CANARY, canary.edits);
  const script = join(home, 'chaos', 'sabotage', 'inspection.ts');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [script, engine],
      { timeout: INSPECTION_MS_MAX, maxBuffer: 64 * 1_048_576 },
      (error, out, err) => {
        if (error === null) resolve(JSON.parse(out) as Complaint[]);
        else reject(new Error(`the inspection ended badly: ${err.slice(-600)}`, { cause: error }));
      },
    );
  });
}

/** What is wrong with how a broken harness was noticed; undefined = all is well. */
export function wrongWith(
  { gates }: Pick<HarnessSabotage, 'gates'>,
  complaints: readonly Complaint[],
): string | undefined {
  if (complaints.some(({ gate }) => gates.includes(gate))) return undefined;
  const said =
    complaints[0] === undefined ? 'nobody noticed' : `only ${complaints[0].gate} noticed`;
  return `${said}; ${gates.join(' or ')} should have`;
}
