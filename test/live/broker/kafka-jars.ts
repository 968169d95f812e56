/*
 * Apache Kafka's own server as a class path, from Maven Central. Maven resolves it once per version into
 * its own repository; what is kept here is the list of jars, in the directory for temporary files.
 */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Current, and runs on Java 17. */
export const KAFKA_VERSION = process.env['WAYBILL_KAFKA_VERSION'] ?? '4.3.1';
const JAVA_MIN = 17;
const RESOLVE_MS_MAX = 300_000;

/** Kafka speaks to slf4j 1.7; with this its warnings reach stderr, which is shown when a start fails. */
const POM = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>waybill</groupId><artifactId>broker-for-tests</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId>
      <version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

/** The class path, or why there is none. */
export async function kafkaJars(): Promise<
  { readonly classPath: string } | { readonly missing: string }
> {
  const java = await version('java', '-version', /version "(\d+)/);
  if (java === undefined) return { missing: 'there is no java' };
  if (java < JAVA_MIN) return { missing: `java is ${java}, Kafka needs ${JAVA_MIN}` };
  const kept = join(tmpdir(), `waybill-kafka-${KAFKA_VERSION}.classpath`);
  if (existsSync(kept)) {
    const classPath = readFileSync(kept, 'utf8').trim();
    if (classPath.split(delimiter).every((jar) => existsSync(jar))) return { classPath };
  }
  if ((await version('mvn', '-version', /Maven (\d+)/)) === undefined) {
    return { missing: 'there is no mvn to fetch Apache Kafka with' };
  }
  try {
    return { classPath: await resolve(kept) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { missing: `mvn could not fetch Apache Kafka ${KAFKA_VERSION}: ${said.slice(0, 500)}` };
  }
}

/** Two test workers may do this at once: each in a directory of its own, the result is moved into place. */
async function resolve(kept: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'waybill-kafka-jars-'));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'pom.xml'), POM);
  const file = join(directory, 'classpath');
  const goal = ['-q', '-B', 'dependency:build-classpath', `-Dmdep.outputFile=${file}`];
  await run('mvn', goal, { cwd: directory, timeout: RESOLVE_MS_MAX });
  const classPath = readFileSync(file, 'utf8').trim();
  renameSync(file, kept);
  return classPath;
}

/** Major version of a program, if it is there; java says it on stderr. */
async function version(name: string, flag: string, said: RegExp): Promise<number | undefined> {
  try {
    const { stdout, stderr } = await run(name, [flag], { timeout: 30_000 });
    const found = said.exec(stdout + stderr);
    return found === null ? undefined : Number(found[1]);
  } catch {
    return undefined;
  }
}
