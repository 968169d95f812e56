export { type Embedded, type EmbeddedOptions, type OwnerNote, openEmbedded } from './embedded.ts';
export { StoreFileError, type StoreFileCode } from './store-file-error.ts';
