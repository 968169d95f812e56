/*
 * What the conformance kit takes for granted on the internet, served on this machine: the pet store of
 * petstore.swagger.io, which has the pets 1 and 2, and the basic-auth page of httpbin.org.
 *
 * `localise` points a text at these servers instead of the public ones. Nothing in the product knows of
 * it: a workflow calls the address that its text names.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { petstoreDescription } from './petstore-description.ts';

const PETS = [
  { id: 1, name: 'Rex', status: 'available', tags: [], photoUrls: [] },
  { id: 2, name: 'Tom', status: 'available', tags: [], photoUrls: [] },
  { id: 3, name: 'Ada', status: 'sold', tags: [], photoUrls: [] },
];

export interface PublicServices {
  /** every request so far: method and address as it was written */
  readonly asked: string[];
  localise(text: string): string;
  close(): Promise<void>;
}

export async function servePublicServices(): Promise<PublicServices> {
  const asked: string[] = [];
  const petstore = await serve(petstoreSite, asked);
  const httpbin = await serve(httpbinSite, asked);
  const hosts: readonly (readonly [string, Site])[] = [
    ['https://petstore.swagger.io', petstore],
    ['https://httpbin.org', httpbin],
  ];
  return {
    asked,
    localise: (text) =>
      hosts.reduce((words, [host, { origin }]) => words.replaceAll(host, origin), text),
    async close() {
      await Promise.all(hosts.map(([, { server }]) => closed(server)));
    },
  };
}

interface Site {
  readonly server: Server;
  readonly origin: string;
}
type Page = (path: URL, request: IncomingMessage, origin: string) => Reply;
interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function serve(page: Page, asked: string[]): Promise<Site> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '/' } = request;
    asked.push(`${method} ${url}`);
    const origin = originOf(server);
    const reply =
      method === 'GET'
        ? page(new URL(url, origin), request, origin)
        : { status: 405, body: { message: 'only GET is served here' } };
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify(reply.body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, origin: originOf(server) };
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}

const NOT_FOUND: Reply = {
  status: 404,
  body: { code: 404, type: 'unknown', message: 'not found' },
};

const petstoreSite: Page = ({ pathname, searchParams }, _request, origin) => {
  if (pathname === '/v2/swagger.json') {
    return { status: 200, body: petstoreDescription(new URL(origin).host) };
  }
  if (pathname === '/v2/pet/findByStatus') {
    const wanted = searchParams.getAll('status').flatMap((text) => text.split(','));
    return { status: 200, body: PETS.filter(({ status }) => wanted.includes(status)) };
  }
  const id = /^\/v2\/pet\/(\d+)$/.exec(pathname)?.[1];
  const pet = PETS.find((one) => String(one.id) === id);
  return pet === undefined ? NOT_FOUND : { status: 200, body: pet };
};

const httpbinSite: Page = ({ pathname }, { headers }) => {
  const [, user, password] = /^\/basic-auth\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
  if (user === undefined || password === undefined) return NOT_FOUND;
  const words = `${decodeURIComponent(user)}:${decodeURIComponent(password)}`;
  if (headers.authorization === `Basic ${Buffer.from(words).toString('base64')}`) {
    return { status: 200, body: { authenticated: true, user: decodeURIComponent(user) } };
  }
  const challenge = { 'www-authenticate': 'Basic realm="Fake Realm"' };
  return { status: 401, body: null, headers: challenge };
};
