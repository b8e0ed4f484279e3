import { expect, test } from "vitest";
import { ASSURANCE_CLASSES } from "./assurance.ts";
import { chooseDefaultClass, errorBound, whyUnavailable } from "./promise.ts";
import { resolveVerification } from "./resolve-verification.ts";

test("a young instance, or one without a trusted device, offers two witnesses", () => {
  expect(chooseDefaultClass({ resultsPerWindow: 19_999, trustedDevices: 1 })).toBe("instant");
  expect(chooseDefaultClass({ resultsPerWindow: 1e6, trustedDevices: 0 })).toBe("instant");
  expect(chooseDefaultClass({ resultsPerWindow: 20_000, trustedDevices: 1 })).toBe("standard");
});

test("the bounds are those that the simulation measured, fall with the window, and are never above 1", () => {
  expect(errorBound("standard", 1e6)).toBeLessThan(5e-5);
  expect(errorBound("standard", 1e6)).toBeGreaterThan(4.87e-5);
  expect(errorBound("high", 1e6)).toBeLessThan(5e-5);
  expect(errorBound("high", 1e6)).toBeGreaterThan(4.58e-5);
  for (const assurance of ASSURANCE_CLASSES) {
    expect(errorBound(assurance, 1e7)).toBeLessThanOrEqual(errorBound(assurance, 1e5));
    expect(errorBound(assurance, 0)).toBeLessThanOrEqual(1);
  }
  expect(errorBound("instant", 1e9)).toBe(1e-2);
});

test("held classes need a trusted device, critical more clusters than it has witnesses", () => {
  expect(whyUnavailable("instant", { trustedDevices: 0, establishedClusters: 0 })).toBeNull();
  expect(whyUnavailable("economy", { trustedDevices: 0, establishedClusters: 9 })).toBe("trusted_device");
  expect(whyUnavailable("standard", { trustedDevices: 1, establishedClusters: 0 })).toBeNull();
  expect(whyUnavailable("critical", { trustedDevices: 1, establishedClusters: 2 })).toBe("established_devices");
  expect(whyUnavailable("critical", { trustedDevices: 1, establishedClusters: 3 })).toBeNull();
});

test("a quorum of one's own is instant, a class fills in its own, nothing takes what the instance offers first", () => {
  expect(resolveVerification({ quorum: 3 }, "standard")).toEqual({ assurance: "instant", quorum: 3, replicasMax: 5 });
  expect(resolveVerification({ replicasMax: 1 }, "standard")).toEqual({ assurance: "instant", quorum: 1, replicasMax: 1 });
  expect(resolveVerification({ assurance: "high" }, "instant")).toEqual({ assurance: "high", quorum: 1, replicasMax: 3 });
  expect(resolveVerification({}, "standard")).toEqual({ assurance: "standard", quorum: 1, replicasMax: 3 });
  expect(resolveVerification({ compare: { kind: "exact" } }, "instant")).toEqual({
    assurance: "instant",
    quorum: 2,
    replicasMax: 5,
    compare: { kind: "exact" },
  });
});
