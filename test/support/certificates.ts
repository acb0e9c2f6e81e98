import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

export const hasOpenssl = (): boolean => spawnSync('openssl', ['version']).status === 0;

export interface CertificateOptions {
  /** Common name. */
  readonly name: string;
  /** Subject alternative names as openssl writes them: `DNS:fs-01`, `IP:127.0.0.1`. */
  readonly names?: readonly string[];
  /** Who signs; the certificate itself unless given. */
  readonly issuer?: MadeCertificate;
  readonly isAuthority?: boolean;
  /** Default `sha256`. */
  readonly hash?: string;
  /** Arguments of `openssl genpkey`; an elliptic curve unless given, since those are made fastest. */
  readonly key?: readonly string[];
  /** RSASSA-PSS, with an RSA key. */
  readonly pss?: boolean;
  /** First and last moment as `YYYYMMDDHHMMSSZ`; from now for two days unless given. */
  readonly validity?: readonly [from: string, until: string];
}

export interface MadeCertificate {
  /** PEM, the certificate alone. */
  readonly certificate: string;
  /** PEM, PKCS #8, not encrypted. */
  readonly key: string;
  readonly der: Uint8Array;
  readonly certificateFile: string;
  readonly keyFile: string;
}

export const rsaKey = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'] as const;
const curveKey = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'] as const;

/** Makes certificates with openssl in a folder that is gone after the tests of the file or group. */
export class CertificateWorkshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'countersign-certificates-'));
  #rsaKey: string | undefined;
  #made = 0;

  constructor() {
    afterAll(() => {
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  make(o: CertificateOptions): MadeCertificate {
    const stem = join(this.folder, String(++this.#made));
    const [keyFile, certificateFile, derFile] = [`${stem}.key`, `${stem}.pem`, `${stem}.der`];
    writeFileSync(keyFile, this.#key(o.key ?? (o.pss ? rsaKey : curveKey)));
    this.openssl('req', '-new', '-key', keyFile, '-out', `${stem}.csr`, '-subj', `/CN=${o.name}`);
    this.#sign(o, { stem, keyFile, certificateFile });
    this.openssl('x509', '-in', certificateFile, '-outform', 'DER', '-out', derFile);
    return {
      certificate: readFileSync(certificateFile, 'utf8'),
      key: readFileSync(keyFile, 'utf8'),
      der: new Uint8Array(readFileSync(derFile)),
      ...{ certificateFile, keyFile },
    };
  }

  /** RSA keys take their time, so one serves all. */
  #key(kind: readonly string[]): string {
    if (kind !== rsaKey) return this.openssl('genpkey', ...kind);
    this.#rsaKey ??= this.openssl('genpkey', ...kind);
    return this.#rsaKey;
  }

  /** `openssl ca`, since only it takes dates in the past and in the future. */
  #sign(o: CertificateOptions, files: { stem: string; keyFile: string; certificateFile: string }): void {
    const { stem, keyFile, certificateFile } = files;
    const [from, until] = o.validity ?? [];
    writeFileSync(`${stem}.database`, '');
    writeFileSync(`${stem}.cnf`, caConfig(o, stem));
    const signer =
      o.issuer === undefined
        ? ['-selfsign', '-keyfile', keyFile]
        : ['-cert', o.issuer.certificateFile, '-keyfile', o.issuer.keyFile];
    const when = from === undefined ? ['-days', '2'] : ['-startdate', from, '-enddate', until ?? ''];
    const pss = o.pss ? ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest'] : [];
    const paths = ['-in', `${stem}.csr`, '-out', certificateFile];
    const hash = ['-md', o.hash ?? 'sha256'];
    this.openssl(
      'ca',
      '-batch',
      '-notext',
      '-config',
      `${stem}.cnf`,
      ...signer,
      ...when,
      ...hash,
      ...pss,
      ...paths,
    );
  }

  /** The text of a file in the folder. */
  read(file: string): string {
    return readFileSync(file, 'utf8');
  }

  /** Runs openssl in the folder and gives what it printed. */
  openssl(...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: this.folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`openssl ${args.join(' ')} failed: ${stderr}`);
    return stdout;
  }
}

function caConfig({ names = [], isAuthority = false }: CertificateOptions, stem: string): string {
  const extensions = [
    `basicConstraints = critical, CA:${isAuthority ? 'TRUE' : 'FALSE'}`,
    ...(names.length === 0 ? [] : [`subjectAltName = ${names.join(',')}`]),
  ];
  return `[ca]
default_ca = it
[it]
database = ${stem}.database
new_certs_dir = ${join(stem, '..')}
rand_serial = yes
policy = any
x509_extensions = extensions
unique_subject = no
[any]
commonName = supplied
[extensions]
${extensions.join('\n')}
`;
}

/** A TLS server of openssl, which says in alerts what it thinks of a client; its port. Ends with its test. */
export function startOpensslServer(
  { certificateFile, keyFile }: MadeCertificate,
  ...args: readonly string[]
): Promise<number> {
  const own = ['-accept', '127.0.0.1:0', '-cert', certificateFile, '-key', keyFile];
  const server = spawn('openssl', ['s_server', ...own, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => void server.kill());
  return new Promise((resolve, reject) => {
    let printed = '';
    server.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const port = /^ACCEPT \S+:(\d+)$/m.exec(printed)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    server.once('exit', (code) => {
      reject(new Error(`openssl s_server ended with ${String(code)}`));
    });
  });
}
