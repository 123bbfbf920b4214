import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";

// Node creates keys and signatures, but no certificates: their DER structure is written here.

export interface IssuedCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS#8. */
  readonly key: string;
  readonly privateKey: KeyObject;
}

interface CertificateOptions {
  readonly name: string;
  readonly isAuthority?: boolean;
  readonly issuer?: { readonly name: string; readonly key: KeyObject };
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** An RSA key that exists already. */
  readonly key?: KeyObject;
}

/** An RSA certificate for loopback; without an issuer it signs itself. */
export function issueCertificate(options: CertificateOptions): IssuedCertificate {
  const privateKey = options.key ?? generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const issuer = options.issuer ?? { name: options.name, key: privateKey };
  const day = 86_400_000;
  const { notBefore = new Date(Date.now() - day), notAfter = new Date(Date.now() + day) } = options;
  const tbs = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    sha256WithRsa,
    distinguishedName(issuer.name),
    sequence(generalizedTime(notBefore), generalizedTime(notAfter)),
    distinguishedName(options.name),
    createPublicKey(privateKey).export({ type: "spki", format: "der" }),
    der(0xa3, sequence(basicConstraints(options.isAuthority ?? false), loopbackNames)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", tbs, issuer.key)]);
  const certificate = sequence(tbs, sha256WithRsa, der(0x03, signature));
  return {
    certificate: pem("CERTIFICATE", certificate),
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    privateKey,
  };
}

export function thumbprint({ certificate }: Pick<IssuedCertificate, "certificate">): string {
  const body = certificate.replaceAll(/-----[^-]+-----|\s/g, "");
  return createHash("sha256").update(Buffer.from(body, "base64")).digest("base64url");
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : long)]), content]);
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return der(0x30, ...contents);
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

const sha256WithRsa = sequence(oid("2a864886f70d01010b"), der(0x05));

function distinguishedName(text: string): Buffer {
  return sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(text)))));
}

function generalizedTime(date: Date): Buffer {
  return der(0x18, Buffer.from(`${date.toISOString().replaceAll(/[-:T]|\..*/g, "")}Z`));
}

function basicConstraints(isAuthority: boolean): Buffer {
  const flag = isAuthority ? [der(0x01, Buffer.from([0xff]))] : [];
  return sequence(oid("551d13"), der(0x01, Buffer.from([0xff])), der(0x04, sequence(...flag)));
}

const loopbackNames = sequence(
  oid("551d11"),
  der(
    0x04,
    sequence(
      der(0x82, Buffer.from("localhost")),
      der(0x82, Buffer.from("signin.test")),
      der(0x87, Buffer.from([127, 0, 0, 1])),
    ),
  ),
);

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
