/*
 * The outside world of the kill tests: a service with a ledger that survives everything.
 * `node ledger-service.ts LEDGER`; the port stands on stdout.
 *
 * Invariants: a line is on disk before anything is answered; an effect key is applied once, and every
 * later request with it gets the first answer; what is answered follows from name and request alone.
 */
import { fsyncSync, openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One line of the ledger. */
export interface LedgerLine {
  readonly what: 'asked' | 'applied' | 'refused';
  readonly name: string;
  readonly key: string;
  readonly attempt: number;
  readonly run: string;
  readonly request: string;
}

/** They refuse their first attempts: the workflow has to try again. */
const REFUSALS: ReadonlyMap<string, number> = new Map([
  ['charge', 2],
  ['insure', 1],
]);
const LATENCY_MS = { from: 5, to: 40 };

const ledger = openSync(process.argv[2] ?? 'ledger', 'a');
const answers = new Map<string, string>();

function note(line: LedgerLine): void {
  writeSync(ledger, `${JSON.stringify(line)}\n`);
  fsyncSync(ledger);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function serve(request: IncomingMessage): Promise<readonly [status: number, body: string]> {
  const name = (request.url ?? '').slice(1);
  const header = (of: string): string => String(request.headers[of] ?? '');
  const key = header('idempotency-key');
  const attempt = Number(header('x-attempt'));
  const line = { name, key, attempt, run: header('x-run'), request: await textOf(request) };
  note({ what: 'asked', ...line });
  await sleep(LATENCY_MS.from + Math.random() * (LATENCY_MS.to - LATENCY_MS.from));
  const known = answers.get(key);
  if (known !== undefined) return [200, known];
  if (attempt <= (REFUSALS.get(name) ?? 0)) {
    note({ what: 'refused', ...line });
    return [503, '"not now"'];
  }
  note({ what: 'applied', ...line });
  const { order } = JSON.parse(line.request) as { readonly order: string };
  const answer = JSON.stringify({ order, did: name });
  answers.set(key, answer);
  return [200, answer];
}

const server = createServer((request, response) => {
  serve(request).then(
    ([status, body]) => response.writeHead(status).end(body),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
// Nobody is served any more once whoever started it is gone.
process.stdin.on('end', () => process.exit(0)).resume();
