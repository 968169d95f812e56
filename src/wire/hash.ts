/*
 * Content hashes. Everything in Waybill that is identified by what it contains (Definitions, effect
 * keys) is identified by the lower-case hex SHA-256 of its UTF-8 text.
 */
import { createHash } from 'node:crypto';

/** Lower-case hex SHA-256 of the UTF-8 encoding of `text`. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
