import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its private key, both as PEM, as a `kubernetes.io/tls` Secret has them. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const { subtle } = globalThis.crypto;

/** A region's own authority, which signs what its ingress shows. */
export async function createIssuer(name: string, validity: Validity): Promise<KeyPair> {
  const keys = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
  });
  return { certificate: certificate.toString("pem"), key: await keyText(keys.privateKey) };
}

/** Signs a server certificate for a DNS name, with a new key. */
export async function issue(issuer: KeyPair, dnsName: string, validity: Validity): Promise<KeyPair> {
  const signer = new X509Certificate(issuer.certificate);
  const [der] = PemConverter.decode(issuer.key);
  if (der === undefined) throw new Error("the issuer's key is no PEM");
  const signingKey = await subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  const keys = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.create({
    ...validity,
    subject: `CN=${dnsName}`,
    issuer: signer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new SubjectAlternativeNameExtension([{ type: "dns", value: dnsName }]),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await keyText(keys.privateKey) };
}

export function validityOf({ certificate }: KeyPair): Validity {
  const { notBefore, notAfter } = new X509Certificate(certificate);
  return { notBefore, notAfter };
}

/** As the `data` of a Secret, whose values are base64. */
export const secretData = ({ certificate, key }: KeyPair): Record<string, string> => ({
  "tls.crt": Buffer.from(certificate).toString("base64"),
  "tls.key": Buffer.from(key).toString("base64"),
});
export function fromSecretData(data: Readonly<Record<string, string>> | undefined): KeyPair | undefined {
  const text = (name: string) => Buffer.from(data?.[name] ?? "", "base64").toString();
  return data?.["tls.crt"] === undefined ? undefined : { certificate: text("tls.crt"), key: text("tls.key") };
}

async function keyText(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}
