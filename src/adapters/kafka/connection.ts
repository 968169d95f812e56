/*
 * One connection to one node. The only file that knows kafkajs: its inner Connection (TCP, TLS, SASL,
 * matching answers to requests) and the formats of the small requests. kafkajs is pinned to 2.2.4 for it.
 *
 * Why not kafkajs's producer, consumer and admin: they retry, reset positions and send to several
 * partitions at once behind the caller's back, which the protocol forbids (R5, R12).
 *
 * C1. An answer comes back as the node gave it: error codes are for the caller to judge.
 * C2. After a timeout or a lost connection this object is dead; nothing is sent again.
 * C3. `NotSent` means that no byte of the request left this process.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions as TlsOptions, connect as connectTls } from 'node:tls';
import { type Answer, type Request, fetchRequest, produceRequest } from './hot-requests.ts';
import { KafkaError, connectFailed } from './kafka-error.ts';

export interface Sasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export interface ConnectionOptions {
  readonly clientId: string;
  readonly tls?: boolean | TlsOptions;
  readonly sasl?: Sasl;
  readonly connectMs: number;
  readonly requestMs: number;
}

/** The request was not sent, and so had no effect. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

// -- the shapes of kafkajs's inner parts, as far as they are used --------------------------------------

interface Call {
  readonly request: unknown;
  readonly response: {
    decode(payload: Buffer): Promise<unknown>;
    parse?(decoded: unknown): unknown;
  };
  readonly requestTimeout?: number;
  readonly logResponseError?: boolean;
}

interface Inner {
  readonly requestQueue: {
    pending: unknown[];
    scheduleCheckPendingRequests(): void;
  };
  connect(): Promise<unknown>;
  disconnect(): Promise<unknown>;
  authenticate(): Promise<unknown>;
  isConnected(): boolean;
  setVersions(versions: Versions): void;
  setSupportAuthenticationProtocol(supported: boolean): void;
  rejectRequests(error: Error): void;
  send(call: Call): Promise<unknown>;
}

export type ConnectionParts = new (options: Readonly<Record<string, unknown>>) => Inner;
type Versions = Readonly<
  Record<number, { readonly minVersion: number; readonly maxVersion: number }>
>;
interface Definition {
  protocol(of: { readonly version: number }): (args: unknown) => Call;
}
export interface RequestParts {
  readonly requests: Readonly<Record<string, Definition>>;
  lookup(versions: Versions): (apiKey: number, definition: Definition) => (args: unknown) => Call;
}

interface Parts {
  readonly Connection: ConnectionParts;
  readonly apiKeys: Readonly<Record<string, number>>;
  readonly requests: RequestParts;
}

let parts: Promise<Parts> | undefined;

/** kafkajs is imported when the first connection is made, not when this module is. */
function load(): Promise<Parts> {
  parts ??= (async () => {
    const [connection, requests, apiKeys] = await Promise.all([
      import('kafkajs/src/network/connection.js'),
      import('kafkajs/src/protocol/requests/index.js'),
      import('kafkajs/src/protocol/requests/apiKeys.js'),
    ]);
    return { Connection: connection.default, requests: requests.default, apiKeys: apiKeys.default };
  })();
  return parts;
}

/** kafkajs logs each failed try at this interface; what is worth saying is said once, by Notices. */
const SILENT = {
  namespace: () => SILENT,
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
} as const;

export class Connection {
  readonly #inner: Inner;
  readonly #sockets: Set<Socket>;
  readonly #parts: Parts;
  #lookup: ReturnType<RequestParts['lookup']> | undefined;
  #versions: Versions = {};
  #dead = false;

  private constructor(inner: Inner, sockets: Set<Socket>, loaded: Parts) {
    this.#inner = inner;
    this.#sockets = sockets;
    this.#parts = loaded;
  }

  /** Connects and authenticates. Fails with KafkaError. */
  static async open(host: string, port: number, options: ConnectionOptions): Promise<Connection> {
    const loaded = await load();
    const sockets = new Set<Socket>();
    const { tls, sasl } = options;
    const inner = new loaded.Connection({
      host,
      port,
      clientId: options.clientId,
      ssl: tls === undefined || tls === false ? null : tls === true ? {} : tls,
      sasl: sasl ?? null,
      connectionTimeout: options.connectMs,
      requestTimeout: options.requestMs,
      enforceRequestTimeout: true,
      logger: SILENT,
      socketFactory: socketFactory(sockets),
    });
    quieten(inner);
    const connection = new Connection(inner, sockets, loaded);
    try {
      await connection.#open(options);
    } catch (error) {
      connection.close();
      throw connectFailed(error, `${host}:${port}`, options);
    }
    return connection;
  }

  async #open({ connectMs }: ConnectionOptions): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${connectMs} ms`)), connectMs);
    });
    try {
      await Promise.race([late, this.#greet()]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #greet(): Promise<void> {
    await this.#inner.connect();
    const { requests, lookup } = this.#parts.requests;
    // version 1 is understood by everything since Kafka 0.10, and by Redpanda
    const call = (requests['ApiVersions'] as Definition).protocol({ version: 1 })({});
    const { apiVersions } = (await this.#inner.send(call)) as {
      apiVersions: readonly { apiKey: number; minVersion: number; maxVersion: number }[];
    };
    this.#versions = Object.fromEntries(apiVersions.map((one) => [one.apiKey, one]));
    this.#inner.setVersions(this.#versions);
    this.#lookup = lookup(this.#versions);
    const { apiKeys } = this.#parts;
    this.#inner.setSupportAuthenticationProtocol(this.#speaks(apiKeys['SaslAuthenticate']));
    await this.#inner.authenticate();
    for (const { apiKey, apiName, apiVersion } of [produceRequest.head, fetchRequest.head]) {
      if (this.#speaks(apiKey, apiVersion)) continue;
      throw new KafkaError(
        'too-old',
        `the broker does not speak version ${apiVersion} of ${apiName}`,
      );
    }
  }

  #speaks(apiKey: number | undefined, version?: number): boolean {
    const known = apiKey === undefined ? undefined : this.#versions[apiKey];
    if (known === undefined) return false;
    return version === undefined || (known.minVersion <= version && version <= known.maxVersion);
  }

  get alive(): boolean {
    return !this.#dead && this.#inner.isConnected();
  }

  /** One of kafkajs's own requests, by its name there; C1. */
  async send<T>(api: string, args: unknown, requestMs?: number): Promise<T> {
    const definition = this.#parts.requests.requests[api];
    const apiKey = this.#parts.apiKeys[api];
    if (definition === undefined || apiKey === undefined || this.#lookup === undefined) {
      throw new Error(`there is no request ${api}`);
    }
    const call = this.#lookup(apiKey, definition)(args);
    const timeout = requestMs ?? call.requestTimeout;
    return this.#send<T>({
      request: call.request,
      response: { decode: (payload) => call.response.decode(payload), parse: (decoded) => decoded },
      ...(timeout === undefined ? {} : { requestTimeout: timeout }),
    });
  }

  /** One of our own requests. */
  hot<A, T extends Answer>(request: Request<A, T>, args: A): Promise<T> {
    const payload = request.encode(args);
    return this.#send<T>({
      // what kafkajs asks of an encoder: its bytes and their number
      request: {
        ...request.head,
        encode: () =>
          Promise.resolve({ buf: payload, buffer: payload, size: () => payload.length }),
      },
      response: {
        decode: (answer) => Promise.resolve(request.decode(answer)),
        parse: (decoded) => decoded,
      },
    });
  }

  async #send<T>(call: Call): Promise<T> {
    if (!this.alive) throw new NotSent('the connection was lost before the request was sent');
    try {
      return (await this.#inner.send({ ...call, logResponseError: false })) as T;
    } catch (error) {
      // C2: an answer that comes late belongs to nobody
      this.close();
      throw error;
    }
  }

  close(): void {
    if (this.#dead) return;
    this.#dead = true;
    const gone = new Error('the connection was closed');
    try {
      this.#inner.rejectRequests(gone);
    } catch {
      // nothing was waiting
    }
    for (const socket of this.#sockets) socket.destroy();
    this.#inner.disconnect().catch(() => {});
  }
}

/** No Nagle: a hop waits for each append. Sockets are kept so that `close` can really close them. */
function socketFactory(
  sockets: Set<Socket>,
): (of: { host: string; port: number; ssl: TlsOptions | null; onConnect: () => void }) => Socket {
  return ({ host, port, ssl, onConnect }) => {
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket =
      ssl === null
        ? connectTcp({ host, port }, onConnect)
        : connectTls({ host, port, ...servername, ...ssl }, onConnect);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    sockets.add(socket);
    return socket;
  };
}

/** kafkajs arms a timer of 1 ms for ever on each connection, for a queue that is nearly always empty. */
function quieten({ requestQueue }: Inner): void {
  const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue);
  requestQueue.scheduleCheckPendingRequests = () => {
    if (requestQueue.pending.length > 0) schedule();
  };
}
