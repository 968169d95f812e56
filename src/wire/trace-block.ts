/*
 * Blocks of a trace file: the frame around compressed bytes, and how a damaged one is told from a sound
 * one. Does not own what stands in a block (trace-codec.ts) or in which order (trace/write-trace.ts).
 *
 * B1. A file begins with MAGIC and the version of its format; a block with a head of HEAD_BYTES, which
 *     has a digest of itself, so that a reader knows where the next block is even if this one is damaged.
 * B2. The digest in the head covers what the block says, uncompressed.
 * B3. Nothing unpacks to more than RAW_BYTES_MAX, whatever the bytes say.
 */
import { createHash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { WireError } from './wire-error.ts';

const MAGIC = Buffer.from('WAYBILLTRACE', 'ascii');
const BLOCK_MAGIC = Buffer.from('WBLK', 'ascii');
const END_MAGIC = Buffer.from('WBTREND1', 'ascii');
/** Versions of the file format: what this build writes, and the newest it reads. */
export const TRACE_FORMAT = 1;
export const START_BYTES = MAGIC.length + 4;
export const HEAD_BYTES = 32;
/** A closed file ends with this much, which says where its footer begins. */
export const TAIL_BYTES = END_MAGIC.length + 8;
/** Bytes of one block before compression. */
export const RAW_BYTES_MAX = 64 * 1024 * 1024;
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

const KINDS = ['header', 'definitions', 'units', 'index', 'footer'] as const;
export type BlockKind = (typeof KINDS)[number];

export interface BlockHead {
  readonly kind: BlockKind;
  /** bytes of the block after its head */
  readonly packed: number;
  /** ... and what they unpack to */
  readonly raw: number;
  /** messages in it */
  readonly count: number;
  readonly digest: string;
}

export function traceStart(): Buffer {
  const format = Buffer.alloc(4);
  format.writeUInt32LE(TRACE_FORMAT);
  return Buffer.concat([MAGIC, format]);
}

/** The version of the format; undefined: this is no trace. */
export function traceFormat(start: Uint8Array): number | undefined {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (bytes.length < START_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC))
    return undefined;
  return bytes.readUInt32LE(MAGIC.length);
}

/** A block of these bytes. */
export function packBlock(kind: BlockKind, raw: Uint8Array, count: number): Buffer {
  if (raw.length > RAW_BYTES_MAX) {
    throw new WireError(`a block of ${raw.length} bytes is over the ${RAW_BYTES_MAX} allowed`);
  }
  const packed = zstdCompressSync(raw, LEVEL);
  const head = Buffer.alloc(HEAD_BYTES);
  BLOCK_MAGIC.copy(head, 0);
  head.writeUInt8(KINDS.indexOf(kind) + 1, 4);
  head.writeUInt8(1, 5); // zstd
  head.writeUInt32LE(packed.length, 8);
  head.writeUInt32LE(raw.length, 12);
  head.writeUInt32LE(count, 16);
  digestOf(raw).copy(head, 20, 0, 8);
  digestOf(head.subarray(0, 28)).copy(head, 28, 0, 4);
  return Buffer.concat([head, packed]);
}

/** What a head says; undefined: these bytes are none. */
export function readBlockHead(bytes: Uint8Array): BlockHead | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (head.length < HEAD_BYTES || !head.subarray(0, 4).equals(BLOCK_MAGIC)) return undefined;
  if (!digestOf(head.subarray(0, 28)).subarray(0, 4).equals(head.subarray(28, 32)))
    return undefined;
  const kind = KINDS[head.readUInt8(4) - 1];
  const raw = head.readUInt32LE(12);
  if (kind === undefined || head.readUInt8(5) !== 1 || raw > RAW_BYTES_MAX) return undefined;
  return {
    kind,
    packed: head.readUInt32LE(8),
    raw,
    count: head.readUInt32LE(16),
    digest: head.toString('hex', 20, 28),
  };
}

/** Where the next head may begin in `bytes`, from `at` on; -1: nowhere. */
export function nextBlock(bytes: Uint8Array, at: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(BLOCK_MAGIC, at);
}

/** What a block says; throws WireError when its bytes are not those that were written. */
export function unpackBlock(head: BlockHead, packed: Uint8Array): Buffer {
  if (packed.length < head.packed) {
    throw new WireError(`it is cut off: ${packed.length} of ${head.packed} bytes are there`);
  }
  let raw: Buffer;
  try {
    raw = zstdDecompressSync(packed, { maxOutputLength: Math.max(1, head.raw) });
  } catch (error) {
    throw new WireError(`its bytes are damaged: ${(error as Error).message}`, { cause: error });
  }
  if (raw.length !== head.raw || digestOf(raw).toString('hex', 0, 8) !== head.digest) {
    throw new WireError('its bytes are damaged: the digest is another one');
  }
  return raw;
}

/** The end of a closed file. */
export function traceTail(footerAt: number): Buffer {
  const at = Buffer.alloc(8);
  at.writeBigUInt64LE(BigInt(footerAt));
  return Buffer.concat([END_MAGIC, at]);
}

/** Where the footer begins; undefined: the file was not closed. */
export function footerAt(tail: Uint8Array): number | undefined {
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength);
  if (bytes.length !== TAIL_BYTES || !bytes.subarray(0, 8).equals(END_MAGIC)) return undefined;
  return Number(bytes.readBigUInt64LE(8));
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
