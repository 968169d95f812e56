/*
 * A line to one node for one purpose: a connection that is made when it is needed, and again when it is
 * lost, not faster than the back-off allows.
 *
 * L1. Nothing is sent twice. While there is no connection, requests fail at once with NotSent.
 * L2. The back-off is that of the node: what one line finds out holds for all lines to it.
 * L3. Requests of one turn leave in the order in which they were made.
 */
import { Connection, type ConnectionOptions, NotSent } from './connection.ts';
import type { Answer, Request } from './hot-requests.ts';
import { KafkaError } from './kafka-error.ts';
import { RECONNECT_MS_FIRST, RECONNECT_MS_MAX } from './limits.ts';
import type { Notices } from './notices.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** L2: shared by all lines to one node. */
export interface NodeHealth {
  failed:
    | { readonly error: KafkaError; readonly until: number; readonly delay: number }
    | undefined;
}

export class Link {
  readonly #address: Address;
  readonly #health: NodeHealth;
  readonly #options: ConnectionOptions;
  readonly #notices: Notices;
  readonly #about: string;
  #connection: Connection | undefined;
  #opening: Promise<Connection> | undefined;
  #closed = false;

  constructor(address: Address, health: NodeHealth, options: ConnectionOptions, notices: Notices) {
    this.#address = address;
    this.#health = health;
    this.#options = options;
    this.#notices = notices;
    this.#about = `broker ${address.host}:${address.port}`;
  }

  send<T>(api: string, args: unknown, requestMs?: number): Promise<T> {
    return this.#over((connection) => connection.send<T>(api, args, requestMs));
  }

  hot<A, T extends Answer>(request: Request<A, T>, args: A): Promise<T> {
    return this.#over((connection) => connection.hot(request, args));
  }

  close(): void {
    this.#closed = true;
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #over<T>(send: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.#connected();
    try {
      return await send(connection);
    } catch (error) {
      if (!this.#closed && !(error instanceof KafkaError))
        this.#notices.trouble(this.#about, error);
      throw error;
    }
  }

  #connected(): Promise<Connection> {
    if (this.#closed) return Promise.reject(new NotSent('this line was closed'));
    if (this.#connection?.alive === true) return Promise.resolve(this.#connection);
    const { failed } = this.#health;
    if (failed !== undefined && performance.now() < failed.until) {
      const { error } = failed;
      return Promise.reject(new NotSent(error.message, { cause: error }));
    }
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #open(): Promise<Connection> {
    const { host, port } = this.#address;
    try {
      const connection = await Connection.open(host, port, this.#options);
      if (this.#closed) {
        connection.close();
        throw new NotSent('this line was closed');
      }
      this.#connection = connection;
      this.#health.failed = undefined;
      this.#notices.over(this.#about);
      return connection;
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      this.#note(error);
      if (!this.#closed) this.#notices.trouble(this.#about, error);
      throw new NotSent(error.message, { cause: error });
    }
  }

  /** Lines that fail together are one failure. */
  #note(error: KafkaError): void {
    const { failed } = this.#health;
    const now = performance.now();
    if (failed !== undefined && now < failed.until) return;
    const delay = Math.min(RECONNECT_MS_MAX, 2 * (failed?.delay ?? RECONNECT_MS_FIRST / 2));
    this.#health.failed = { error, until: now + delay, delay };
  }
}

/** The KafkaError that says why nothing could be sent, or the error itself. */
export function reasonOf(error: unknown): unknown {
  return error instanceof NotSent && error.cause instanceof KafkaError ? error.cause : error;
}
