/*
 * Certificates of an authority of their own, made by openssl for the length of a test: one for this
 * machine (127.0.0.1), and one for another name.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificates {
  /** file with the certificate of the authority, PEM */
  readonly authority: string;
  /** files with key and certificate of a server, PEM */
  readonly here: string;
  readonly elsewhere: string;
}

const KEY = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];

/** In that folder; or why there are none. */
export function makeCertificates(folder: string): Certificates | { readonly missing: string } {
  const openssl = (...words: readonly string[]): void => {
    execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const server = (name: string, names: string): string => {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
    const extensions = [
      '-addext',
      `subjectAltName=${names}`,
      '-addext',
      'basicConstraints=CA:FALSE',
    ];
    const signed = ['-CA', 'authority.crt', '-CAkey', 'authority.key'];
    openssl('req', '-x509', ...KEY, ...files, '-subj', `/CN=${name}`, ...signed, ...extensions);
    const both = [`${name}.key`, `${name}.crt`].map((file) =>
      readFileSync(join(folder, file), 'utf8'),
    );
    writeFileSync(join(folder, `${name}.pem`), both.join(''));
    return join(folder, `${name}.pem`);
  };
  try {
    const files = ['-keyout', 'authority.key', '-out', 'authority.crt'];
    openssl('req', '-x509', ...KEY, ...files, '-subj', '/CN=authority of a test');
    return {
      authority: join(folder, 'authority.crt'),
      here: server('here', 'IP:127.0.0.1,DNS:localhost'),
      elsewhere: server('elsewhere', 'DNS:elsewhere.example'),
    };
  } catch (error) {
    const said = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { missing: `openssl makes no certificates (${said}); version 3 is needed` };
  }
}
