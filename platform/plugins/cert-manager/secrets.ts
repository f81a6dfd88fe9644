/** Where the certificates of a region are: in Secrets of the plugins' namespace, with this label. */
export const certificateLabel = "airflow.platform/certificate";
export const ingressSecret = "ingress-tls";
export const issuerSecret = "issuer-tls";
