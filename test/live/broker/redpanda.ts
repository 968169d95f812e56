/*
 * Redpanda in a container, through testcontainers. Its packages are no dependency of this repository
 * (with them come some 150 others): who has a container runtime adds them with
 * `npm i --no-save testcontainers @testcontainers/redpanda`.
 */
const IMAGE =
  process.env['WAYBILL_REDPANDA_IMAGE'] ?? 'docker.redpanda.com/redpandadata/redpanda:v25.2.1';

interface Started {
  getBootstrapServers(): string;
  stop(): Promise<unknown>;
  restart(): Promise<unknown>;
}

interface Module {
  readonly RedpandaContainer: new (image: string) => { start(): Promise<Started> };
}

export async function startRedpanda(): Promise<
  { readonly brokers: readonly string[]; close(): Promise<void> } | { readonly missing: string }
> {
  let module: Module;
  try {
    // not a literal: the compiler must not look for a package that is not there
    const name: string = '@testcontainers/redpanda';
    module = (await import(name)) as Module;
  } catch {
    return { missing: '@testcontainers/redpanda is not installed' };
  }
  try {
    const container = await new module.RedpandaContainer(IMAGE).start();
    return {
      brokers: [container.getBootstrapServers()],
      close: async () => void (await container.stop()),
    };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
