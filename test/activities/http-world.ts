/* A local service and a way to call it: what tests of http calls need. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { activitiesOf } from '../../src/activities/index.ts';
import type { ActivityAnswer, Secrets } from '../../src/ports/index.ts';
import type { Activity, Json, LateArguments, WorkflowError } from '../../src/wire/index.ts';

export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export type Handler = (heard: Heard, response: ServerResponse, request: IncomingMessage) => void;

/** A service on 127.0.0.1 that keeps what it hears. */
export class Service {
  readonly heard: Heard[] = [];
  readonly origin: string;
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static open(handler: Handler): Promise<Service> {
    return new Promise((done) => {
      const server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const { method = '', url = '', headers } = request;
          const body = Buffer.concat(chunks).toString('utf8');
          const heard = { method, url, headers: headers as Heard['headers'], body };
          service.heard.push(heard);
          handler(heard, response, request);
        });
      });
      let service: Service;
      server.listen(0, '127.0.0.1', () => done((service = new Service(server))));
    });
  }

  /** Breaks whatever is under way. */
  closeConnections(): void {
    this.server.closeAllConnections();
  }

  close(): Promise<void> {
    return new Promise((done) => {
      this.server.close(() => done());
      this.server.closeAllConnections();
    });
  }
}

export function json(response: ServerResponse, value: Json, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export const RUN = '01a1f7b1-c95d-7e53-91df-bd16cd29fac3';
export const KEY = '0123456789abcdef0123456789abcdef';

export interface Call {
  readonly arguments: Record<string, Json>;
  readonly late?: LateArguments;
  readonly secrets?: Secrets;
  /** is given the function that aborts */
  readonly abort?: (abort: () => void) => void;
}

export async function call(asked: Call): Promise<ActivityAnswer> {
  const { arguments: args, late, secrets, abort } = asked;
  const activity: Activity = {
    key: KEY,
    role: 'do',
    pointer: '/do/0/a',
    kind: 'http',
    name: 'GET http://HOST/{path}',
    arguments: { method: 'GET', output: 'content', redirect: false, ...args },
    ...(late === undefined ? {} : { late }),
    attempt: 1,
    timeout: 60_000,
  };
  const { run } = activitiesOf(secrets === undefined ? {} : { secrets });
  return run(activity, {
    run: RUN,
    strand: '',
    definition: 'd',
    onAbort: (stop) => abort?.(stop),
    heartbeat: () => {},
  });
}

export async function result(args: Record<string, Json>): Promise<Json> {
  const answer = await call({ arguments: args });
  if ('error' in answer) throw new Error(JSON.stringify(answer.error));
  return answer.result;
}

export async function error(args: Record<string, Json>): Promise<WorkflowError> {
  const answer = await call({ arguments: args });
  if ('result' in answer) throw new Error(`this was answered: ${JSON.stringify(answer.result)}`);
  return answer.error;
}

/** `.../errors/communication` -> `communication`, with the status. */
export function told({ status, type }: WorkflowError): string {
  return `${type.slice(type.lastIndexOf('/') + 1)} ${status}`;
}
