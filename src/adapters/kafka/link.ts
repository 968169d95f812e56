/*
 * A line to one node for one purpose: a connection that is made when it is needed, and again when it is
 * lost, not faster than the back-off allows.
 *
 * L1. Nothing is sent twice. While there is no connection, requests fail at once with NotSent.
 * L2. Requests of one turn leave in the order in which they were made.
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

export class Link {
  readonly #address: Address;
  readonly #options: ConnectionOptions;
  readonly #notices: Notices;
  readonly #about: string;
  #connection: Connection | undefined;
  #opening: Promise<Connection> | undefined;
  #failed: { readonly error: KafkaError; readonly until: number } | undefined;
  #delay = RECONNECT_MS_FIRST;
  #closed = false;

  constructor(address: Address, options: ConnectionOptions, notices: Notices) {
    this.#address = address;
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
    if (this.#failed !== undefined && performance.now() < this.#failed.until) {
      const { error } = this.#failed;
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
      this.#failed = undefined;
      this.#delay = RECONNECT_MS_FIRST;
      this.#notices.over(this.#about);
      return connection;
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      this.#failed = { error, until: performance.now() + this.#delay };
      this.#delay = Math.min(RECONNECT_MS_MAX, this.#delay * 2);
      if (!this.#closed) this.#notices.trouble(this.#about, error);
      throw new NotSent(error.message, { cause: error });
    }
  }
}

/** The KafkaError that says why nothing could be sent, or the error itself. */
export function reasonOf(error: unknown): unknown {
  return error instanceof NotSent && error.cause instanceof KafkaError ? error.cause : error;
}
