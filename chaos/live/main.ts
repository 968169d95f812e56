/*
 * npm run chaos:live [-- --for 10m --runners 3 --instances 5000 --pace 1 --scenario NAME --seed S --short
 *                        --plan --keep]
 * npm run chaos:live -- --sabotage NAME ...   with a bug in the engine, of `npm run sabotage -- --list`
 * npm run chaos:live -- --check FOLDER
 *
 * Breaks real runners, a real broker and a real database on purpose, and checks what they left behind.
 * Exit code 0: it holds; 1: it does not; 2: bad input, or no ground for it.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { scriptWords } from '../../.ci/script-words.ts';
import { type CampaignOptions, runCampaign } from './campaign.ts';
import { checkEvidence } from './checker.ts';
import { readEvidence } from './evidence.ts';
import { describe, drawPlan } from './fault-plan.ts';
import { sabotagedEngine } from './sabotaged-engine.ts';
import { SCENARIO, scaledScenarios } from './scaled-scenario.ts';
import { SHORT, shortCampaign } from './short.ts';
import { ProgressLine, summary } from './summary.ts';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

// kafkajs sets a timer in the past now and then, which Node finds worth a warning
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'TimeoutNegativeWarning') process.stderr.write(`${String(warning)}\n`);
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function fail(said: string): never {
  process.stderr.write(`${said}\n`);
  process.exit(2);
}

function count(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return fail(`--${name} ${text}: a whole number from ${least} to ${most} is expected`);
}

function duration(text: string): number {
  const found = /^(\d+)([smh])$/.exec(text);
  const ms = Number(found?.[1]) * (UNITS_MS[found?.[2] ?? ''] ?? Number.NaN);
  if (ms >= SHORT.forMs && ms <= 24 * 3_600_000) return ms;
  return fail(
    `--for ${text}: a time such as 90s, 10m or 1h is expected, ${SHORT.forMs / 1_000}s at least`,
  );
}

/** What a folder holds, checked and told. True when it holds. */
async function check(folder: string): Promise<boolean> {
  const evidence = readEvidence(folder);
  const checked = await checkEvidence(evidence);
  say(summary(evidence.campaign, checked));
  return checked.violations.length === 0;
}

const {
  check: folder,
  for: time,
  instances,
  keep,
  plan: show,
  runners,
  short,
  ...rest
} = scriptWords(import.meta.url, {
  options: {
    for: { type: 'string', default: '10m' },
    runners: { type: 'string', default: '3' },
    instances: { type: 'string', default: '5000' },
    scenario: { type: 'string', default: SCENARIO },
    pace: { type: 'string', default: '1' },
    seed: { type: 'string' },
    short: { type: 'boolean', default: false },
    plan: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    sabotage: { type: 'string' },
    check: { type: 'string' },
  },
}).values;
if (folder !== undefined) {
  try {
    process.exit((await check(folder)) ? 0 : 1);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}
const seed = rest.seed ?? randomBytes(4).toString('hex');
const forMs = duration(time);
const many = count('runners', runners, 2, 9);
const campaign: CampaignOptions = short
  ? shortCampaign(seed)
  : {
      ...{
        seed,
        forMs,
        runners: many,
        scenario: rest.scenario,
        instances: count('instances', instances, 1, 1_000_000),
      },
      plan: drawPlan(seed, forMs, many, count('pace', rest.pace, 1, 10)),
    };
const engine = rest.sabotage === undefined ? undefined : sabotagedEngine(rest.sabotage);
if (rest.sabotage !== undefined && engine === undefined) {
  fail(`there is no sabotage ${rest.sabotage}; npm run sabotage -- --list names them`);
}
const words = [
  ...(short ? ['--short'] : [`--for ${time} --runners ${runners} --instances ${instances}`]),
  ...(rest.scenario === SCENARIO ? [] : [`--scenario ${rest.scenario}`]),
  ...(rest.pace === '1' ? [] : [`--pace ${rest.pace}`]),
  ...[`--seed ${seed}`, ...(engine === undefined ? [] : [`--sabotage ${rest.sabotage}`])],
];
const replay = `npm run chaos:live -- ${words.join(' ')}`;
try {
  await scaledScenarios(rest.scenario);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
if (show) {
  for (const fault of campaign.plan) say(describe(fault));
  process.exit(0);
}
say(`live chaos: seed ${seed}, ${campaign.plan.length} faults; again: ${replay}`);
const line = new ProgressLine((text) => process.stdout.write(text), process.stdout.isTTY);
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => process.exit(code));
}
const ran = await runCampaign({
  ...campaign,
  ...(engine === undefined ? {} : { engine }),
  onProgress: (progress) => line.show(progress),
});
line.end();
if (engine !== undefined) rmSync(engine, { recursive: true, force: true });
if ('missing' in ran) fail(ran.missing);
const holds = await check(ran.folder);
if (!holds || keep) {
  say(`evidence: ${ran.folder}  (npm run chaos:live -- --check ${ran.folder})`);
} else rmSync(ran.folder, { recursive: true, force: true });
if (!holds) say(`the same plan again: ${replay}`);
process.exit(holds ? 0 : 1);
