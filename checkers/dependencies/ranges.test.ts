import { expect, test } from "vitest";
import { regionsByAddress } from "./ranges.ts";

const find = regionsByAddress([
  ["3.0.0.0/8", "wide"],
  ["3.5.140.0/22", "narrow"],
  ["127.10.0.0/16", "us-east-2"],
  ["2600:1f18::/33", "us-east-1"],
  ["64:ff9b::/96", "translated"],
  ["0.0.0.0/0", "any"],
]);

test.each([
  ["3.5.143.255", "narrow"],
  ["3.5.144.0", "wide"],
  ["127.10.255.1", "us-east-2"],
  ["127.11.0.1", "any"],
  ["::ffff:127.10.0.1", "us-east-2"],
  ["2600:1f18:7fff::1", "us-east-1"],
  ["2600:1f18:8000::1", undefined],
  ["64:ff9b::192.0.2.1", "translated"],
  ["fe80::1%eth0", undefined],
  ["registry.example", undefined],
  ["", undefined],
])("%s is in %s", (address, region) => expect(find(address)).toBe(region));

test.each(["127.10.0.0", "127.10.0.0/33", "host/8", "127.10.0.0/x", "/8"])("%s is no range", (cidr) =>
  expect(() => regionsByAddress([[cidr, "region"]])).toThrow(`"${cidr}" is not a range of addresses`),
);
