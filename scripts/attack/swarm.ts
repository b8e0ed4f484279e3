import { createRandom } from "#bench/trust/random.ts";
import { HONEST, LightDevice } from "../light-devices/light-device.ts";
import { BEHAVIOURS, type BehaviourName } from "./behaviours.ts";

type Names = readonly LightDevice[];

/** Starts honest devices that serve these topics. */
export async function startHonest(url: string, crowd: { count: number; topics: readonly string[]; seed: number }): Promise<LightDevice[]> {
  const { count, topics, seed } = crowd;
  const devices = await Promise.all(Array.from({ length: count }, (_, i) => LightDevice.create(url, createRandom(seed + i), { habit: HONEST, topics })));
  for (const device of devices) device.start();
  return devices;
}

/** One kind of attackers at work on one topic. */
export class Attackers {
  readonly behaviour: BehaviourName;
  readonly #names: LightDevice[] = [];
  readonly #work: Promise<unknown>;
  #isOver = false;

  constructor(url: string, of: { behaviour: BehaviourName; count: number; topic: string; seed: number }) {
    this.behaviour = of.behaviour;
    this.#work = Promise.all(Array.from({ length: of.count }, (_, i) => this.#live(url, { topic: of.topic, seed: of.seed + 1000 * i })));
  }

  /** Whether they were in time to do their worst: each gave so many results, or is banned. */
  hasGiven(results: number): boolean {
    return this.#names.length > 0 && this.#names.every(({ given, isShunned }) => isShunned || given.right + given.wrong >= results);
  }

  /** Everybody they were. */
  get names(): Names {
    return this.#names;
  }

  /** Ends all of them. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#names.map((name) => name.kill()));
    await this.#work;
  }

  /** One attacker, under one name after the other. */
  async #live(url: string, of: { topic: string; seed: number }): Promise<void> {
    const { habitOf, namesMax } = BEHAVIOURS[this.behaviour];
    for (let i = 0; i < namesMax && !this.#isOver; i++) {
      const random = createRandom(of.seed + i);
      const device = await LightDevice.create(url, random, { habit: habitOf(random), topics: [of.topic] });
      this.#names.push(device);
      if (this.#isOver) return;
      device.start();
      await device.gone;
    }
  }
}
