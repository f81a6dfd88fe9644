const units: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Reads a Kubernetes quantity, such as `250m`, `1.5`, `512Mi`, `1e3`. Throws on anything else. */
export function quantity(written: string | number): number {
  if (typeof written === "number") return written;
  const found = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(written);
  const value = Number(found?.[1]) * (units[found?.[2] ?? ""] ?? 1);
  if (!found || Number.isNaN(value)) throw new RangeError(`not a Kubernetes quantity: ${written}`);
  return value;
}
