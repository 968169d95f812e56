/*
 * A process of the outside world: `node service-process.ts LEDGER SCENARIO SEED`. It serves any
 * function of the scenario, with its latencies times SCALE and its failure rates; the port stands on
 * stdout. It ends when stdin does.
 *
 * Q1. A line is on disk before a request is worked on (`asked`), and another one after the effect was
 *     applied and before anybody hears of it (`done`).
 * Q2. An effect key is applied at most once; a later request with it hears the first answer.
 * Q3. What a call does follows from the seed and the call alone, as in the simulator.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceRandom } from '../../src/adapters/sim/services.ts';
import { serviceModels } from '../../src/chaos/scenario/index.ts';
import { canonicalJson, type Json, sha256Hex, type WorkflowError } from '../../src/wire/index.ts';
import { DurableLines } from './durable-lines.ts';
import type { AskedLine, DoneLine } from './evidence.ts';
import { SCALE, scaledScenarios } from './scaled-scenario.ts';

type Asked = Pick<AskedLine, 'name' | 'key' | 'attempt' | 'run' | 'strand' | 'request' | 'pid'>;
type Answer = { readonly result: Json } | { readonly error: WorkflowError };

const KEEP_ALIVE_MS = 3_600_000;

const [path = 'ledger', scenario = '', seed = '1'] = process.argv.slice(2);
const ledger = await DurableLines.open(path);
const [scaled] = await scaledScenarios(scenario);
const models = serviceModels(scaled!.scenario);
const answers = new Map<string, Json>();
let calls = 0;

async function serve(asked: Asked, listens: () => boolean): Promise<Answer> {
  const { attempt, key, name, request, run } = asked;
  const id = ++calls;
  const digest = sha256Hex(canonicalJson(request));
  const before: AskedLine = { what: 'asked', id, at: Date.now(), digest, ...asked };
  await ledger.write(before);
  const model = models.get(name);
  if (model === undefined) throw new Error(`there is no service ${name}`);
  const random = serviceRandom(seed, { run, name, request, attempt });
  const verdict = model.call({
    ...{ name, request, key, role: 'do', attempt, run, random, nthForKey: 1 },
  });
  await sleep(verdict.latency * SCALE);
  const known = answers.get(key);
  const { outcome } = verdict;
  const answer: Answer = known === undefined ? outcome : { result: known };
  const applied = known === undefined && verdict.applied;
  if (applied) answers.set(key, 'result' in outcome ? outcome.result : (verdict.stored ?? null));
  const after: DoneLine = {
    ...{ what: 'done', id, at: Date.now(), applied, answer, heard: listens() },
  };
  await ledger.write(after);
  return answer;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
  const turn = async (): Promise<void> => {
    const asked = JSON.parse(await textOf(request)) as Asked;
    response.end(JSON.stringify(await serve(asked, () => !response.destroyed)));
  };
  // who hung up in the middle of a question has asked nothing
  turn().catch((error: unknown) => {
    if (!request.complete) return;
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.stdin
  .on('end', () => {
    void ledger.close().finally(() => process.exit(0));
  })
  .resume();
