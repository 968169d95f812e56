/*
 * The host functions of the runners: each asks the process that stands for its service. Where those are
 * is in the environment: LIVE_CHAOS_SERVICES = {"function": port}.
 *
 * A call that never reached its service is made again until nobody wants its answer any more: the
 * services never go away, so this is the machine being short of something, not the workflow's concern.
 */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostContext, HostFunctions } from '../../src/activities/function.ts';
import type { WorkflowError } from '../../src/wire/index.ts';

const AGAIN_MS = 20;
const agent = new Agent({ keepAlive: true });

type Answer = { readonly result: unknown } | { readonly error: WorkflowError };

function ask(port: number, name: string, args: unknown, context: HostContext): Promise<Answer> {
  const { attempt, key, run, signal, strand } = context;
  const body = JSON.stringify({ name, key, attempt, run, strand, request: args, pid: process.pid });
  return new Promise((done, failed) => {
    const asking = request(
      { agent, host: '127.0.0.1', port, method: 'POST', signal },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => done(JSON.parse(text) as Answer));
        response.on('error', failed);
      },
    );
    asking.on('error', failed);
    asking.end(body);
  });
}

async function answerOf(
  port: number,
  name: string,
  args: unknown,
  context: HostContext,
): Promise<unknown> {
  for (;;) {
    try {
      const answer = await ask(port, name, args, context);
      if ('result' in answer) return answer.result;
      // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- what a workflow can catch
      throw answer.error;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
      await sleep(AGAIN_MS);
    }
  }
}

const ports = JSON.parse(process.env['LIVE_CHAOS_SERVICES'] ?? '{}') as Record<string, number>;

export default Object.fromEntries(
  Object.entries(ports).map(([name, port]) => [
    name,
    (args: unknown, context: HostContext) => answerOf(port, name, args, context),
  ]),
) as HostFunctions;
