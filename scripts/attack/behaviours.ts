import type { Random } from "#bench/trust/random.ts";
import { type Habit, HONEST } from "../light-devices/light-device.ts";

/** How one kind of attackers goes about it. */
export type Behaviour = {
  /** What it is, for a person who reads the report. */
  does: string;
  /** What it does under one name. */
  habitOf(random: Random): Habit;
  /** How many names one attacker uses, one after the other. */
  namesMax: number;
};

/** Right results of a sleeper before it turns, and of a streak before it goes wrong for `STREAK_WRONG` results. */
const SLEEPER_RIGHT = 15;
const STREAK_RIGHT = 10;
const STREAK_WRONG = 5;
/** Wrong results that somebody gives under one name before taking another. */
const NAME_RESULTS = 2;
const NAMES_MAX = 3;

const ownLie = (no: number, random: Random): Buffer => Buffer.from(`made up ${no} ${random.next()}`);
const sharedLie = (no: number): Buffer => Buffer.from(`agreed upon ${no}`);
const habitThat = (say: Habit["say"]): Habit => ({ say });

/** The kinds of attackers, by the word that chooses them on the command line. */
export const BEHAVIOURS = {
  errors: {
    does: "wrong in every result, each in its own way",
    habitOf: (random) => habitThat(({ no }) => ownLie(no, random)),
    namesMax: 1,
  },
  sleepers: {
    does: `right ${SLEEPER_RIGHT} times, wrong from then on`,
    habitOf: (random) => habitThat(({ no, nth, honest }) => (nth < SLEEPER_RIGHT ? honest : ownLie(no, random))),
    namesMax: 1,
  },
  streaks: {
    does: `right ${STREAK_RIGHT} times, wrong ${STREAK_WRONG} times, again and again`,
    habitOf: (random) => habitThat(({ no, nth, honest }) => (nth % (STREAK_RIGHT + STREAK_WRONG) < STREAK_RIGHT ? honest : ownLie(no, random))),
    namesMax: 1,
  },
  accomplices: {
    does: "wrong in every result, all of them in the same way",
    habitOf: () => habitThat(({ no }) => sharedLie(no)),
    namesMax: 1,
  },
  riders: {
    does: "compute nothing and give the same bytes for every shard",
    habitOf: () => habitThat(() => Buffer.from("nothing")),
    namesMax: 1,
  },
  sybils: {
    does: `wrong ${NAME_RESULTS} times, then a new name`,
    habitOf: () => ({ ...habitThat(({ no }) => sharedLie(no)), resultsMax: NAME_RESULTS }),
    namesMax: NAMES_MAX,
  },
  replayers: {
    does: "compute, and report everything again, also as the result of others' grants",
    habitOf: (random) => ({
      ...HONEST,
      forge({ sent, seen }) {
        const stolen = seen[random.below(Math.max(1, seen.length))];
        const own = sent.flatMap(({ results }) => results)[0];
        const asOthers = stolen && own ? [{ jobId: stolen.jobId, grantId: stolen.grantId, results: [{ ...own, no: stolen.fromNo }] }] : [];
        return [...sent, ...asOthers];
      },
    }),
    namesMax: 1,
  },
} as const satisfies Record<string, Behaviour>;
export type BehaviourName = keyof typeof BEHAVIOURS;
export const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as BehaviourName[];
