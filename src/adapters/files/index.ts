/*
 * Bytes of files by their place, and files that grow: what trace/ reads from and writes to.
 *
 * F1. Reading is by place and holds nothing: a file may be read while it is written.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { pathToFileURL } from 'node:url';

export interface FileBytes {
  readonly size: number;
  read(at: number, length: number): Uint8Array;
  close(): void;
}

/** Opens a file to be read; throws what the system says. */
export function openBytes(path: string): FileBytes {
  const file = openSync(path, 'r');
  if (fstatSync(file).isDirectory()) {
    closeSync(file);
    throw Object.assign(new Error(`${path} is a directory`), { code: 'EISDIR' });
  }
  return {
    get size() {
      return fstatSync(file).size;
    },
    read(at, length) {
      const bytes = Buffer.allocUnsafe(Math.max(0, length));
      let have = 0;
      while (have < length) {
        const got = readSync(file, bytes, have, length - have, at + have);
        if (got === 0) break;
        have += got;
      }
      return bytes.subarray(0, have);
    },
    close: () => closeSync(file),
  };
}

export interface GrowingFile {
  write(bytes: Uint8Array): void;
  /** Whole and on the disk. */
  close(): void;
}

/** Makes a file that is not there yet; `over`: or one in the place of another. */
export function createFile(path: string, over: boolean): GrowingFile {
  const file = openSync(path, over ? 'w' : 'wx');
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    },
    close() {
      fsyncSync(file);
      closeSync(file);
    },
  };
}

/** The text of a file; throws what the system says. */
export function textOf(path: string): string {
  return readFileSync(path, 'utf8');
}

/** The file itself, or all files below a directory, in order. */
export function filesAt(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.includes('node_modules'))
    .sort()
    .map((name) => `${path.replace(/\/+$/, '')}/${name}`);
}

/** The address of a file. */
export function addressOf(path: string): string {
  return pathToFileURL(path).href;
}
