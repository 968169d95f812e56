/*
 * A TCP line on 127.0.0.1 between one process and one server, that can be made bad: cut, refused, slow,
 * or silent. Knows nothing of the protocol on it.
 *
 * X1. Whatever is done to a line, bytes that arrive arrive in order and whole: a line loses nothing
 *     without losing the connection.
 * X2. A silent line keeps its connections and what was sent; it goes on when it is healed.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Bytes that may wait in a slow or silent line, per direction, before its sender is held back. */
const WAITING_BYTES_MAX = 4 * 1_048_576;

interface Waiting {
  readonly data: Buffer;
  readonly since: number;
}

export class LineProxy {
  /** where it connects to; may be set once the server is known */
  target = 0;
  /** connections since the beginning, and those that were cut */
  accepted = 0;
  cuts = 0;
  readonly port: number;
  #refusing = false;
  #silent = false;
  #delayMs = 0;
  readonly #server: Server;
  readonly #directions = new Set<Direction>();
  readonly #pairs = new Set<readonly [Socket, Socket]>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client: Socket) => this.#accept(client));
  }

  static async open(): Promise<LineProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new LineProxy(server);
  }

  /** All connections are reset, and new ones too until it is healed. */
  cut(): void {
    this.#refusing = true;
    this.#reset();
  }

  /** Nothing passes any more, and nobody is told. */
  silence(): void {
    this.#silent = true;
  }

  /** Every byte takes so much longer, ms, in both directions. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  heal(): void {
    this.#refusing = false;
    this.#silent = false;
    this.#delayMs = 0;
    for (const direction of this.#directions) direction.pass();
  }

  async close(): Promise<void> {
    this.#reset();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  /** When what was received at `since` may go on, ms by performance.now(); Infinity = not yet known. */
  dueAt(since: number): number {
    return this.#silent ? Infinity : since + this.#delayMs;
  }

  #reset(): void {
    this.cuts += this.#pairs.size;
    for (const [client, server] of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  #accept(client: Socket): void {
    this.accepted += 1;
    client.on('error', () => {});
    if (this.#refusing) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    server.on('error', () => {});
    client.setNoDelay(true);
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    const there = new Direction(this, client, server);
    const back = new Direction(this, server, client);
    this.#directions.add(there).add(back);
    const over = (): void => {
      this.#pairs.delete(pair);
      this.#directions.delete(there);
      this.#directions.delete(back);
      client.destroy();
      server.destroy();
    };
    client.on('close', over);
    server.on('close', over);
  }
}

/** One direction of a connection: what was received and has not passed yet. */
class Direction {
  readonly #line: LineProxy;
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(line: LineProxy, from: Socket, to: Socket) {
    this.#line = line;
    this.#from = from;
    this.#to = to;
    from.on('data', (data: Buffer) => this.#receive(data));
    to.on('drain', () => from.resume());
    to.on('close', () => clearTimeout(this.#timer));
  }

  /** Lets through what is due, in order (X1). */
  pass(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const left = this.#line.dueAt(first.since) - performance.now();
      if (left > 0) {
        if (left !== Infinity) this.#timer = setTimeout(() => this.pass(), left);
        return;
      }
      this.#waiting.shift();
      this.#bytes -= first.data.length;
      this.#send(first.data);
    }
    if (!this.#to.writableNeedDrain) this.#from.resume();
  }

  #receive(data: Buffer): void {
    const since = performance.now();
    if (this.#waiting.length === 0 && this.#line.dueAt(since) <= since) return this.#send(data);
    this.#waiting.push({ data, since });
    this.#bytes += data.length;
    if (this.#bytes > WAITING_BYTES_MAX) this.#from.pause();
    if (this.#timer === undefined) this.pass();
  }

  #send(data: Buffer): void {
    if (this.#to.destroyed) return;
    if (!this.#to.write(data)) this.#from.pause();
  }
}
