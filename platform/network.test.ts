import { describe, expect, it } from "vitest";
import { cidrFault, freeCidr, overlap } from "./network.ts";

describe("a range of addresses", () => {
  it.each(["10.0.0.0/16", "172.31.16.0/20", "192.168.0.240/28"])("%s is one", (cidr) => {
    expect(cidrFault(cidr)).toBeUndefined();
  });

  it.each([
    ["10.0.0.0", "is no IPv4 range"],
    ["10.0.0.256/24", "is no IPv4 range"],
    ["ten/16", "is no IPv4 range"],
    ["10.0.0.0/8", "from /16 to /28"],
    ["10.0.0.0/29", "from /16 to /28"],
    ["10.0.1.0/16", "10.0.0.0/16"],
  ])("%s is none, because it %s", (cidr, because) => {
    expect(cidrFault(cidr)).toContain(because);
  });

  it("overlaps with one that shares an address, and with no neighbour", () => {
    expect(overlap("10.0.0.0/16", "10.0.128.0/20")).toBe(true);
    expect(overlap("10.0.128.0/20", "10.0.0.0/16")).toBe(true);
    expect(overlap("10.0.0.0/16", "10.1.0.0/16")).toBe(false);
    expect(overlap("200.0.0.0/16", "200.0.255.240/28")).toBe(true);
  });

  it("is found where none is taken", () => {
    expect(freeCidr([])).toBe("10.0.0.0/16");
    expect(freeCidr(["10.0.0.0/16", "10.1.4.0/24"])).toBe("10.2.0.0/16");
  });
});
