/*
 * How a client authenticates itself at a token endpoint: the five methods of the DSL.
 *
 * client_secret_jwt and private_key_jwt take a ready assertion if the policy has one; else they sign one,
 * with client.secret: a shared secret, or a private key as PEM or JWK.
 */
import { createPrivateKey, type JsonWebKey, type KeyObject, type webcrypto } from 'node:crypto';
import {
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretJwt,
  ClientSecretPost,
  modifyAssertion,
  None,
  PrivateKeyJwt,
} from 'openid-client';
import { refuse } from '../errors.ts';
import type { Fields } from './fields.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** `audience`: who assertions are made for, if not the issuer. */
export function clientAuth(client: Fields, audience: string | undefined): ClientAuth {
  const id = client.optional('id');
  const secret = client.optional('secret');
  const assertion = client.optional('assertion');
  const made = assertion === undefined ? undefined : ready(id, assertion);
  const method =
    client.optional('authentication') ??
    (made !== undefined && secret === undefined ? 'private_key_jwt' : 'client_secret_post');
  // Without a client there is nobody to authenticate.
  if (id === undefined && made === undefined) return () => {};
  const options =
    audience === undefined
      ? undefined
      : {
          [modifyAssertion]: (_header: unknown, payload: { aud?: unknown }) => {
            payload.aud = audience;
          },
        };
  switch (method) {
    case 'none':
      return None();
    case 'client_secret_basic':
      return ClientSecretBasic(client.text('secret'));
    case 'client_secret_post':
      return secret === undefined ? None() : ClientSecretPost(secret);
    case 'client_secret_jwt':
      return made ?? ClientSecretJwt(client.text('secret'), options);
    case 'private_key_jwt': {
      if (made !== undefined) return made;
      const { key, kid } = privateKey(client.text('secret'));
      return PrivateKeyJwt({ key, ...(kid === undefined ? {} : { kid }) }, options);
    }
    default:
      throw refuse('configuration', `there is no client authentication ${JSON.stringify(method)}`);
  }
}

function ready(id: string | undefined, assertion: string): ClientAuth {
  return (_server, _client, body) => {
    if (id !== undefined) body.set('client_id', id);
    body.set('client_assertion_type', ASSERTION_TYPE);
    body.set('client_assertion', assertion);
  };
}

/** PEM or JWK; says nothing of what it cannot read. */
function privateKey(text: string): { key: webcrypto.CryptoKey; kid: string | undefined } {
  let object: KeyObject;
  let kid: string | undefined;
  try {
    if (text.trimStart().startsWith('{')) {
      const jwk = JSON.parse(text) as JsonWebKey & { kid?: string };
      kid = jwk.kid;
      object = createPrivateKey({ key: jwk, format: 'jwk' });
    } else object = createPrivateKey(text);
  } catch {
    throw refuse('configuration', 'client.secret is no private key: expected PEM or JWK');
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = object;
  const curves: Record<string, string> = {
    prime256v1: 'P-256',
    secp384r1: 'P-384',
    secp521r1: 'P-521',
  };
  const namedCurve = curves[details?.namedCurve ?? ''];
  if (type === 'rsa') {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    return { key: object.toCryptoKey(algorithm, false, ['sign']), kid };
  }
  if (type === 'ec' && namedCurve !== undefined) {
    return { key: object.toCryptoKey({ name: 'ECDSA', namedCurve }, false, ['sign']), kid };
  }
  if (type === 'ed25519') return { key: object.toCryptoKey('Ed25519', false, ['sign']), kid };
  throw refuse(
    'configuration',
    `a private key of type ${type ?? 'unknown'} cannot sign an assertion`,
  );
}
