/* The door of the codec: records and States to bytes and to readable text, and back. */
export { decodeCarried, decodeHeader, mayCarryEvents } from './header.ts';
export { isoInstant } from './iso-instant.ts';
export { recordFromJson, recordToJson } from './json-form.ts';
export { jsonText } from './json-text.ts';
export { decodeRecord, decodeRecordBody, encodeRecord } from './record-codec.ts';
export { decodeState, encodeState } from './state-codec.ts';
export * from './trace-block.ts';
export { unpackedRecord } from './unpacked.ts';
export * from './trace-codec.ts';
export { WireError } from './wire-error.ts';
