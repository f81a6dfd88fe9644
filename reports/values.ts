/** Reads named fields out of an op's value, whatever it is: a report must not fail on a shape that it does not know. */
export const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && name in value
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

export const textOf = (value: unknown, name: string): string | undefined => {
  const seen = field(value, name);
  return typeof seen === "string" ? seen : undefined;
};

export const numberOf = (value: unknown, name: string): number | undefined => {
  const seen = field(value, name);
  return typeof seen === "number" && Number.isFinite(seen) ? seen : undefined;
};

export const listOf = (value: unknown, name: string): readonly unknown[] => {
  const seen = field(value, name);
  return Array.isArray(seen) ? seen : [];
};
