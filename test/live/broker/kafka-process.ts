/*
 * One node of Apache Kafka (KRaft) as a child process on 127.0.0.1.
 *
 * K1. It ends with the process that started it, however that one ends: its shell waits on a pipe.
 * K2. Ports and data stay the same through stop, kill and start.
 * K3. Loaded classes are kept in an archive (class data sharing): a start takes half as long then. The
 *     first node of a machine makes it, by being started and stopped once more.
 * K4. What R12 asks of a broker is set here: LogAppendTime, no unclean election, no automatic topics.
 * K5. A client that comes through a proxy stays behind it: for each proxy there is a listener of its own
 *     that calls itself by the proxy's address.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Certificates } from './certificates.ts';
import { KAFKA_VERSION } from './kafka-jars.ts';

const HEAP = ['-Xms128m', '-Xmx512m'];
/** Quick to start, and quiet: a missing or old archive of classes is not worth a word. */
const JVM = [
  ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Xlog:disable'],
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
];
const ARCHIVE = join(tmpdir(), `waybill-kafka-${KAFKA_VERSION}.jsa`);
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 15_000;

/** K1: says the pid of java. When stdin ends before java, it kills it, and takes its data ($1) away. */
const WATCHED = `
exec 3<&0
data=$1
shift
"$@" </dev/null 3<&- &
child=$!
( cat <&3 >/dev/null; kill -9 $child 2>/dev/null; sleep 0.5; rm -rf "$data" ) &
watcher=$!
echo $child
wait $child
kill $watcher 2>/dev/null
`;

export const USER = { username: 'waybill', password: 'a secret of tests' } as const;

interface Ports {
  readonly plain: number;
  readonly sasl: number;
  readonly controller: number;
  /** K5 */
  readonly behind: readonly { readonly port: number; readonly proxy: number }[];
  readonly tls: readonly Secured[];
}

/** A listener that speaks TLS. */
interface Secured {
  readonly name: keyof TlsListeners;
  readonly port: number;
  /** file with key and certificate */
  readonly pem: string;
  readonly protocol: 'SSL' | 'SASL_SSL';
}

/** Addresses of listeners that speak TLS. */
export interface TlsListeners {
  readonly tls: string;
  /** and asks for USER */
  readonly sasltls: string;
  /** with the certificate of another machine */
  readonly stranger: string;
}

export class KafkaProcess {
  /** without authentication */
  readonly plain: string;
  /** SASL (plain, scram-sha-256, scram-sha-512) as USER, without TLS */
  readonly sasl: string;
  /** K5: ports to which the proxies connect, in the order in which they were given */
  readonly behind: readonly number[];
  /** where there are certificates */
  readonly tls: TlsListeners | undefined;
  readonly #classPath: string;
  readonly #directory: string;
  readonly #ports: Ports;
  #child: ChildProcess | undefined;
  #pid: number | undefined;
  #ended: Promise<void> = Promise.resolve();

  #archive: string;

  private constructor(classPath: string, directory: string, ports: Ports) {
    this.#classPath = classPath;
    this.#directory = directory;
    this.#ports = ports;
    this.#archive = `-XX:SharedArchiveFile=${ARCHIVE}`;
    this.plain = `127.0.0.1:${ports.plain}`;
    this.sasl = `127.0.0.1:${ports.sasl}`;
    this.behind = ports.behind.map(({ port }) => port);
    const secured = ports.tls.map(({ name, port }) => [name, `127.0.0.1:${port}`] as const);
    this.tls =
      secured.length === 0 ? undefined : (Object.fromEntries(secured) as unknown as TlsListeners);
  }

  /** `proxies`: ports of proxies on this machine that clients will come through (K5). */
  static async create(
    classPath: string,
    proxies: readonly number[] = [],
    certificates?: Certificates,
  ): Promise<KafkaProcess> {
    const directory = mkdtempSync(join(tmpdir(), 'waybill-kafka-'));
    const [plain, sasl, controller, ...more] = await freePorts(6 + proxies.length);
    const tls = certificates === undefined ? [] : secured(more.splice(0, 3), certificates);
    const behind = proxies.map((proxy, index) => ({ proxy, port: more[index] }));
    const ports = { plain, sasl, controller, behind, tls } as Ports;
    writeFileSync(join(directory, 'server.properties'), properties(directory, ports));
    const node = new KafkaProcess(classPath, directory, ports);
    await node.#format();
    if (!existsSync(ARCHIVE)) await node.#makeArchive();
    await node.start();
    return node;
  }

  /** K3. Without one everything works as well, only slower. */
  async #makeArchive(): Promise<void> {
    const kept = this.#archive;
    const made = join(this.#directory, 'classes.jsa');
    this.#archive = `-XX:ArchiveClassesAtExit=${made}`;
    await this.start();
    await this.stop();
    this.#archive = kept;
    if (!existsSync(made)) return;
    // another worker may be at it, too; the directories may be on different disks
    const beside = `${ARCHIVE}.${process.pid}`;
    copyFileSync(made, beside);
    renameSync(beside, ARCHIVE);
    rmSync(made, { force: true });
  }

  async #format(): Promise<void> {
    // an id must not begin with a hyphen: the tool takes it for an option
    const id = `A${randomBytes(16).toString('base64url').slice(1)}`;
    const { username, password } = USER;
    const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${username},password=${password}]`,
    ]);
    const config = join(this.#directory, 'server.properties');
    const tool = ['kafka.tools.StorageTool', 'format', '-t', id, '-c', config, ...scram];
    const java = ['-Xmx256m', this.#archive, ...JVM, '-cp', this.#classPath, ...tool];
    await promisify(execFile)('java', java).catch((error: Error & { stderr?: string }) => {
      throw new Error(`Kafka's storage could not be formatted:\n${error.stderr ?? error.message}`);
    });
  }

  /** Resolves when the node takes connections. */
  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    const config = join(this.#directory, 'server.properties');
    const java = [
      'java',
      ...HEAP,
      this.#archive,
      ...JVM,
      '-cp',
      this.#classPath,
      'kafka.Kafka',
      config,
    ];
    const log = openSync(join(this.#directory, 'server.log'), 'a');
    const child = spawn('sh', ['-c', WATCHED, 'sh', this.#directory, ...java], {
      stdio: ['pipe', 'pipe', log],
    });
    closeSync(log);
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('close', () => {
        if (this.#child === child) this.#child = undefined;
        child.stdin?.destroy();
        resolve();
      });
    });
    child.stdout?.once('data', (data: Buffer) => (this.#pid = Number(data.toString().trim())));
    // Kafka prints a line or two on stdout; a full pipe would stop it.
    child.stdout?.resume();
    const until = performance.now() + START_MS_MAX;
    while (!(await accepts(this.#ports.plain)) || !(await accepts(this.#ports.sasl))) {
      if (this.#child === undefined || performance.now() > until) {
        await this.kill();
        throw new Error(`Apache Kafka did not start:\n${this.#lastWords()}`);
      }
      await sleep(50);
    }
  }

  /** Asks it to end. */
  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    const ended = await Promise.race([this.#ended.then(() => true), sleep(STOP_MS_MAX, false)]);
    if (!ended) await this.kill();
  }

  /** kill -9. What it had acknowledged is in the page cache of this machine, and so is not lost. */
  async kill(): Promise<void> {
    this.#signal('SIGKILL');
    await this.#ended;
  }

  /** Stops the node and takes its data away. */
  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** SIGSTOP and SIGCONT: a broker that hangs. */
  pause(paused: boolean): void {
    this.#signal(paused ? 'SIGSTOP' : 'SIGCONT');
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child === undefined || this.#pid === undefined) return;
    try {
      process.kill(this.#pid, signal);
    } catch {
      // it has ended by itself
    }
  }

  #lastWords(): string {
    const file = join(this.#directory, 'server.log');
    return existsSync(file) ? readFileSync(file, 'utf8').slice(-3_000) : '';
  }
}

function secured(ports: readonly number[], { here, elsewhere }: Certificates): readonly Secured[] {
  const [tls, sasltls, stranger] = ports as [number, number, number];
  return [
    { name: 'tls', port: tls, pem: here, protocol: 'SSL' },
    { name: 'sasltls', port: sasltls, pem: here, protocol: 'SASL_SSL' },
    { name: 'stranger', port: stranger, pem: elsewhere, protocol: 'SSL' },
  ];
}

/** K4. Small and quick: one partition for each of Kafka's own topics, no delay before a rebalance. */
function properties(directory: string, ports: Ports): string {
  const { plain, sasl, controller, behind, tls } = ports;
  const { username, password } = USER;
  const jaas = 'org.apache.kafka.common.security';
  const links = behind.map(({ port, proxy }, index) => ({ port, proxy, name: `LINK${index}` }));
  const listeners = [
    `PLAINTEXT://127.0.0.1:${plain}`,
    `SASL://127.0.0.1:${sasl}`,
    ...links.map(({ name, port }) => `${name}://127.0.0.1:${port}`),
    ...tls.map(({ name, port }) => `${name.toUpperCase()}://127.0.0.1:${port}`),
    `CONTROLLER://127.0.0.1:${controller}`,
  ];
  const advertised = [
    `PLAINTEXT://127.0.0.1:${plain}`,
    `SASL://127.0.0.1:${sasl}`,
    ...links.map(({ name, proxy }) => `${name}://127.0.0.1:${proxy}`),
    ...tls.map(({ name, port }) => `${name.toUpperCase()}://127.0.0.1:${port}`),
  ];
  const protocols = ['PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT', 'SASL:SASL_PLAINTEXT'];
  protocols.push(...links.map(({ name }) => `${name}:PLAINTEXT`));
  protocols.push(...tls.map(({ name, protocol }) => `${name.toUpperCase()}:${protocol}`));
  const keys = tls.flatMap(({ name, pem }) => [
    [`listener.name.${name}.ssl.keystore.type`, 'PEM'],
    [`listener.name.${name}.ssl.keystore.location`, pem],
  ]);
  const logins = [
    'sasl',
    ...tls.flatMap(({ name, protocol }) => (protocol === 'SSL' ? [] : [name])),
  ].flatMap((name) => [
    [
      `listener.name.${name}.plain.sasl.jaas.config`,
      `${jaas}.plain.PlainLoginModule required user_${username}="${password}";`,
    ],
    ...['256', '512'].map((bits) => [
      `listener.name.${name}.scram-sha-${bits}.sasl.jaas.config`,
      `${jaas}.scram.ScramLoginModule required;`,
    ]),
  ]);
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: listeners.join(','),
    'advertised.listeners': advertised.join(','),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': protocols.join(','),
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    ...(Object.fromEntries([...logins, ...keys]) as Record<string, string>),
    'log.dirs': join(directory, 'data'),
    'log.message.timestamp.type': 'LogAppendTime',
    'unclean.leader.election.enable': 'false',
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '500',
    // after kill -9 the controller waits so long before the same node may come back
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '400',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'num.recovery.threads.per.data.dir': '2',
    'log.cleaner.dedupe.buffer.size': '2097152',
    'log.segment.bytes': '67108864',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Ports that were free a moment ago. All are held at once, so that they differ. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => resolve(server));
      });
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
