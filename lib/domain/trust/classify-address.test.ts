import { expect, test } from "vitest";
import { classifyAddress } from "./classify-address.ts";

test.each([
  ["127.0.0.1", "loopback", "127.0.0"],
  ["::1", "loopback", "0:0:0"],
  ["10.1.2.3", "private", "10.1.2"],
  ["172.20.0.9", "private", "172.20.0"],
  ["192.168.1.7", "private", "192.168.1"],
  ["100.64.0.1", "private", "100.64.0"],
  ["fd00::5", "private", "fd00:0:0"],
  ["fe80::1%eth0", "private", "fe80:0:0"],
  ["203.0.113.9", "public", "203.0.113"],
  ["::ffff:203.0.113.9", "public", "203.0.113"],
  ["2001:0db8:0001:2::7", "public", "2001:db8:1"],
  ["2001:db8:1:ffff:1:2:3:4", "public", "2001:db8:1"],
])("%s is %s, of the network %s", (address, kind, prefix) => {
  expect(classifyAddress(address)).toMatchObject({ kind, prefix });
});

test.each(["", "unknown", "1.2.3", "1::2::3", "12345", "1:2:3"])("%j is no address", (text) => {
  expect(classifyAddress(text)).toBeNull();
});
