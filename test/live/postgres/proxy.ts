/*
 * A TCP proxy on 127.0.0.1 in front of a server: cuts connections, holds answers back, lets only so
 * many bytes through, refuses new ones. Knows nothing of the protocol behind it.
 */
import { once } from 'node:events';
import { type Server, type Socket, connect, createServer } from 'node:net';

export class Proxy {
  port = 0;
  /** connections since the beginning */
  accepted = 0;
  /** bytes of all questions so far */
  asked = 0;
  /** new connections are cut at once */
  refusing = false;
  /** answers stay here */
  holding = false;
  /** all connections are cut when so many more bytes of questions have passed */
  bytesLeft = Infinity;
  /** what answers look like on the other side */
  rewrite: (answer: Buffer) => Buffer = (answer) => answer;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #server: Server;

  private constructor(target: number) {
    this.#server = createServer((client) => this.#accept(client, target));
  }

  static async before(target: number): Promise<Proxy> {
    const proxy = new Proxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    const address = proxy.#server.address();
    if (address !== null && typeof address !== 'string') proxy.port = address.port;
    return proxy;
  }

  /** The url with this proxy in the place of the server. */
  url(url: string): string {
    const through = new URL(url);
    through.hostname = '127.0.0.1';
    through.port = String(this.port);
    return through.href;
  }

  cut(): void {
    for (const [client, server] of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    this.#pairs.clear();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket, target: number): void {
    this.accepted += 1;
    client.on('error', () => {});
    if (this.refusing) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(target, '127.0.0.1');
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    server.on('error', () => {});
    client.on('data', (data) => this.#ask(server, data));
    server.on('data', (data) => {
      if (!this.holding) client.write(this.rewrite(data));
    });
    const over = (): void => {
      this.#pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on('close', over);
    server.on('close', over);
  }

  #ask(server: Socket, data: Buffer): void {
    this.asked += data.length;
    if (data.length <= this.bytesLeft) {
      this.bytesLeft -= data.length;
      server.write(data);
      return;
    }
    const last = data.subarray(0, this.bytesLeft);
    this.bytesLeft = Infinity;
    // what was let through arrives, then the line is dead
    server.write(last, () => this.cut());
  }
}
