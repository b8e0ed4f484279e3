import { join } from "node:path";
import { expect, test } from "vitest";
import { powerToGive, readCase, type Voltages } from "./grid-equations.ts";
import { runVoltages } from "./run-voltages.ts";

const caseFolder = (name: string) => join(import.meta.dirname, "input", name);

function published(name: string): Voltages {
  return new Map(readCase(caseFolder(name)).buses.map(({ bus_i = 0, Vm = 0, Va = 0 }) => [bus_i, { vm: Vm, va: Va }]));
}

/** Buses whose voltage is further from the table than the bounds, with how far. */
function beyond(found: Voltages, table: Voltages, bounds: { vm: number; va: number }) {
  const differences = [...table].map(([bus, { vm, va }]) => {
    const own = found.get(bus) ?? { vm: 0, va: 0 };
    return { bus, vm: Math.abs(own.vm - vm), va: Math.abs(own.va - va) };
  });
  return { vm: differences.filter((d) => d.vm > bounds.vm), va: differences.filter((d) => d.va > bounds.va), all: differences };
}

test("IEEE 14: the table's angles within 0.1°, its magnitudes within 1e-3 p.u. but for bus 4, which the table has 0.0013 too high", async () => {
  const { vm, va } = beyond(await runVoltages(caseFolder("case14")), published("case14"), { vm: 1e-3, va: 0.1 });
  expect(va).toEqual([]);
  expect(vm.map(({ bus }) => bus)).toEqual([4]);
  expect(vm[0]?.vm).toBeCloseTo(0.00133, 5);
});

test("IEEE 118: the table's magnitudes within 1e-3 p.u. but for bus 30, where the table is out of balance by 130 MVAr", async () => {
  const name = "case118";
  const table = published(name);
  const { vm } = beyond(await runVoltages(caseFolder(name)), table, { vm: 1e-3, va: 0.1 });
  expect(vm.map(({ bus }) => bus)).toEqual([30]);
  expect(powerToGive(readCase(caseFolder(name)), table).get(30)?.mvar).toBeCloseTo(-129.7, 0);
});

test("IEEE 118: angles across each branch within 0.1° but for two; in the west, behind these, all are turned by a third of a degree, as 2.4 MW are missing in the table", async () => {
  const name = "case118";
  const [found, table, grid] = [await runVoltages(caseFolder(name)), published(name), readCase(caseFolder(name))];
  const turned = (bus = 0) => (found.get(bus)?.va ?? 0) - (table.get(bus)?.va ?? 0);
  const apart = grid.branches.filter(({ fbus, tbus }) => Math.abs(turned(fbus) - turned(tbus)) > 0.1);
  expect(apart.map(({ fbus, tbus }) => [fbus, tbus])).toEqual([
    [38, 65],
    [24, 70],
  ]);
  const { all, va } = beyond(found, table, { vm: 1, va: 0.1 });
  expect(va).toHaveLength(50);
  expect(Math.max(...all.map((difference) => difference.va))).toBeLessThan(0.32);
  const made = grid.generators.reduce((sum, { Pg = 0 }) => sum + Pg, 0);
  const given = [...powerToGive(grid, table).values()].reduce((sum, { mw }) => sum + mw, 0);
  expect(made - given).toBeCloseTo(2.37, 1);
});
