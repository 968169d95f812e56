/*
 * Types for the inner files of kafkajs 2.2.4 that connection.ts uses, as far as it uses them. The
 * package declares none for them.
 */
declare module 'kafkajs/src/network/connection.js' {
  import type { ConnectionParts } from './connection.ts';
  const Connection: ConnectionParts;
  export default Connection;
}
declare module 'kafkajs/src/protocol/requests/index.js' {
  import type { RequestParts } from './connection.ts';
  const parts: RequestParts;
  export default parts;
}
declare module 'kafkajs/src/protocol/requests/apiKeys.js' {
  const apiKeys: Readonly<Record<string, number>>;
  export default apiKeys;
}
declare module 'kafkajs/src/protocol/error.js' {
  const parts: { readonly errorCodes: readonly { readonly type: string; readonly code: number }[] };
  export default parts;
}
