import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One row of a table by column names. */
export type Row = Record<string, number>;
/** Voltages by bus number: per unit and degrees. */
export type Voltages = Map<number, { vm: number; va: number }>;
type Complex = { re: number; im: number };

const BASE_MVA = 100;
const add = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
const times = (a: Complex, b: Complex): Complex => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re });
const conjugate = (a: Complex): Complex => ({ re: a.re, im: -a.im });
const over = (a: Complex, b: Complex): Complex => {
  const size = b.re ** 2 + b.im ** 2;
  const product = times(a, conjugate(b));
  return { re: product.re / size, im: product.im / size };
};
const polar = (size: number, degrees: number): Complex => ({ re: size * Math.cos((degrees * Math.PI) / 180), im: size * Math.sin((degrees * Math.PI) / 180) });

/** The rows of a table of numbers. */
export function readRows(csv: string): Row[] {
  const [header = "", ...lines] = csv.trim().split(/\r?\n/);
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((field, i) => [names[i], Number(field)])));
}

export function readCase(folder: string) {
  const read = (name: string) => readRows(readFileSync(join(folder, name), "utf8"));
  return { buses: read("bus.csv"), branches: read("branch.csv"), generators: read("gen.csv") };
}
export type Case = ReturnType<typeof readCase>;

const value = (row: Row, name: string): number => {
  const found = row[name];
  if (found === undefined) throw new Error(`no column ${name}`);
  return found;
};

/** The powers that enter a branch at both ends, per unit, from currents: an ideal transformer, then the pi of a line. Its own way, on purpose. */
function branchPowers(branch: Row, voltages: Voltages): { from: Complex; to: Complex } {
  const at = (name: string) => {
    const { vm, va } = voltages.get(value(branch, name)) ?? { vm: 0, va: 0 };
    return polar(vm, va);
  };
  const ratio = polar(value(branch, "ratio") || 1, value(branch, "angle"));
  const [sending, receiving] = [over(at("fbus"), ratio), at("tbus")];
  const series = over({ re: sending.re - receiving.re, im: sending.im - receiving.im }, { re: value(branch, "r"), im: value(branch, "x") });
  const half = { re: 0, im: value(branch, "b") / 2 };
  const into = add(series, times(half, sending));
  const back = add({ re: -series.re, im: -series.im }, times(half, receiving));
  return { from: times(sending, conjugate(into)), to: times(receiving, conjugate(back)) };
}

/** What a branch carries at its end that carries more, in MVA. */
export function branchMva(branch: Row, voltages: Voltages): number {
  const { from, to } = branchPowers(branch, voltages);
  return BASE_MVA * Math.max(Math.hypot(from.re, from.im), Math.hypot(to.re, to.im));
}

/** The power that leaves each bus by what is connected to it, in MW and MVAr: what generators have to give. */
export function powerToGive({ buses, branches }: Case, voltages: Voltages): Map<number, { mw: number; mvar: number }> {
  const sums = new Map<number, Complex>();
  const give = (bus: number, power: Complex) => sums.set(bus, add(sums.get(bus) ?? { re: 0, im: 0 }, power));
  for (const branch of branches) {
    if (value(branch, "status") === 0) continue;
    const { from, to } = branchPowers(branch, voltages);
    give(value(branch, "fbus"), from);
    give(value(branch, "tbus"), to);
  }
  for (const bus of buses) {
    const { vm } = voltages.get(value(bus, "bus_i")) ?? { vm: 0 };
    const shunt = { re: value(bus, "Gs") * vm ** 2, im: -value(bus, "Bs") * vm ** 2 };
    const isLit = vm > 0 ? 1 : 0;
    give(value(bus, "bus_i"), over({ re: isLit * value(bus, "Pd") + shunt.re, im: isLit * value(bus, "Qd") + shunt.im }, { re: BASE_MVA, im: 0 }));
  }
  return new Map([...sums].map(([bus, power]) => [bus, { mw: BASE_MVA * power.re, mvar: BASE_MVA * power.im }]));
}
