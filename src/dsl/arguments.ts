/*
 * The document model, second half: what call and run tasks are given, and how they authenticate.
 *
 * Owns: types only. document.ts re-exports all of them, import them from there.
 */
import type { JsonObject } from '../wire/json.ts';
import type { Duration, Expression, Free, SubscriptionIterator } from './document.ts';

/** An expression, a URI template, or the long form. */
export type Endpoint = string | EndpointModel;
export interface EndpointModel {
  readonly uri: string;
  readonly authentication?: ReferenceableAuthentication;
}
export interface ExternalResource {
  readonly name?: string;
  readonly endpoint: Endpoint;
}

// -- call ----------------------------------------------------------------------------------------

/** The protocols that `call` knows by name; every other name is a function. */
export const CALL_PROTOCOLS = ['http', 'grpc', 'openapi', 'asyncapi', 'a2a', 'mcp'] as const;
export type CallProtocol = (typeof CALL_PROTOCOLS)[number];

export type CallArguments =
  | HttpArguments
  | GrpcArguments
  | OpenApiArguments
  | AsyncApiArguments
  | A2aArguments
  | McpArguments
  | FunctionArguments;

/** A function's arguments are its input: free-form. */
export type FunctionArguments = JsonObject;

export type ResponseOutput = 'content' | 'raw' | 'response';

export interface HttpArguments {
  readonly method: string;
  readonly endpoint: Endpoint;
  readonly headers?: Readonly<Record<string, string>> | Expression;
  readonly query?: Readonly<Record<string, string | number | boolean | null>> | Expression;
  readonly body?: Free;
  readonly output?: ResponseOutput;
  readonly redirect?: boolean;
}
export interface GrpcArguments {
  readonly proto: ExternalResource;
  readonly service: {
    readonly name: string;
    readonly host: string;
    readonly port?: number;
    readonly authentication?: ReferenceableAuthentication;
  };
  readonly method: string;
  readonly arguments?: JsonObject;
}
export interface OpenApiArguments {
  readonly document: ExternalResource;
  readonly operationId: string;
  readonly parameters?: JsonObject;
  readonly authentication?: ReferenceableAuthentication;
  readonly output?: ResponseOutput;
  readonly redirect?: boolean;
}
/** `channel` (AsyncAPI 2.6) or `operation` (3), and `message` or `subscription`. */
export interface AsyncApiArguments {
  readonly document: ExternalResource;
  readonly channel?: string;
  readonly operation?: string;
  readonly server?: { readonly name: string; readonly variables?: JsonObject };
  readonly protocol?: string;
  readonly message?: { readonly payload?: JsonObject; readonly headers?: JsonObject };
  readonly subscription?: AsyncApiSubscription;
  readonly authentication?: ReferenceableAuthentication;
}
export interface AsyncApiSubscription {
  readonly filter?: Expression;
  /** Exactly one of amount, while, until. */
  readonly consume: {
    readonly for?: Duration;
    readonly amount?: number;
    readonly while?: Expression;
    readonly until?: Expression;
  };
  readonly foreach?: SubscriptionIterator;
}
export interface A2aArguments {
  readonly method: string;
  readonly agentCard?: ExternalResource;
  readonly server?: Endpoint;
  readonly parameters?: JsonObject | Expression;
}
export interface McpArguments {
  readonly method: string;
  readonly protocolVersion?: string;
  readonly parameters?: JsonObject | Expression;
  readonly timeout?: Duration;
  /** Exactly one of http, stdio. */
  readonly transport: {
    readonly http?: {
      readonly endpoint: Endpoint;
      readonly headers?: Readonly<Record<string, string>>;
    };
    readonly stdio?: {
      readonly command: string;
      readonly arguments?: readonly string[];
      readonly environment?: Readonly<Record<string, string>>;
    };
    readonly options?: Readonly<Record<string, string>>;
  };
  readonly client?: { readonly name: string; readonly version: string };
}

// -- run -----------------------------------------------------------------------------------------

/** Exactly one of container, script, shell, workflow. */
export interface RunConfiguration {
  readonly await?: boolean;
  readonly return?: 'stdout' | 'stderr' | 'code' | 'all' | 'none';
  readonly container?: ContainerProcess;
  readonly script?: ScriptProcess;
  readonly shell?: ShellProcess;
  readonly workflow?: WorkflowProcess;
}
export interface ContainerProcess {
  readonly image: string;
  readonly name?: string;
  readonly command?: string;
  readonly ports?: JsonObject;
  readonly volumes?: JsonObject;
  readonly environment?: JsonObject;
  readonly stdin?: string;
  readonly arguments?: readonly string[];
  readonly lifetime?: {
    readonly cleanup: 'always' | 'never' | 'eventually';
    readonly after?: Duration;
  };
  readonly pullPolicy?: 'ifNotPresent' | 'always' | 'never';
}
/** Exactly one of code, source. */
export interface ScriptProcess {
  readonly language: string;
  readonly code?: string;
  readonly source?: ExternalResource;
  readonly stdin?: string;
  readonly arguments?: readonly string[];
  readonly environment?: JsonObject;
}
export interface ShellProcess {
  readonly command: string;
  readonly stdin?: string;
  readonly arguments?: readonly string[];
  readonly environment?: JsonObject;
}
export interface WorkflowProcess {
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly input?: JsonObject;
}

// -- authentication ------------------------------------------------------------------------------

/** The name of a policy in use.authentications, or a policy. */
export type ReferenceableAuthentication = { readonly use: string } | AuthenticationPolicy;

/** Exactly one of the schemes; each may take its fields from a secret instead. */
export interface AuthenticationPolicy {
  readonly basic?: FromSecret | Credentials;
  readonly bearer?: FromSecret | { readonly token: string };
  readonly digest?: FromSecret | Credentials;
  readonly oauth2?: FromSecret | OAuth2Policy;
  readonly oidc?: FromSecret | OidcPolicy;
}
export interface FromSecret {
  readonly use: string;
}
export interface Credentials {
  readonly username: string;
  readonly password: string;
}
export interface OidcPolicy {
  readonly authority: string;
  readonly grant: string;
  readonly client?: {
    readonly id?: string;
    readonly secret?: string;
    readonly assertion?: string;
    readonly authentication?: string;
  };
  readonly request?: { readonly encoding?: string };
  readonly issuers?: readonly string[];
  readonly scopes?: readonly string[];
  readonly audiences?: readonly string[];
  readonly username?: string;
  readonly password?: string;
  readonly subject?: SecurityToken;
  readonly actor?: SecurityToken;
}
export interface OAuth2Policy extends OidcPolicy {
  readonly endpoints?: {
    readonly token?: string;
    readonly revocation?: string;
    readonly introspection?: string;
  };
}
export interface SecurityToken {
  readonly token: string;
  readonly type: string;
}
