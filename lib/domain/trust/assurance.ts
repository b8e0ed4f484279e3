/** What an owner may ask for; the closed list, weakest promise about collusion first. */
export const ASSURANCE_CLASSES = ["instant", "economy", "standard", "high", "critical"] as const;
export type AssuranceClass = (typeof ASSURANCE_CLASSES)[number];

/** The published parameters of an assurance class. Rates and shares are between 0 and 1. */
export type AssuranceRules = {
  /** Agreeing replicas from different clusters that make a result usable. 1: one execution, checked afterwards. */
  witnessesMin: number;
  /** Least credibility, see `weighEvidence()`. */
  credibilityMin: number;
  /** Least agreements that each witness must have behind it; 0 lets newcomers in. */
  witnessAgreedMin: number;
  /** A device of age a is checked at the rate newcomerAges ÷ (newcomerAges + a), within the next two bounds. */
  newcomerAges: number;
  checkRateMin: number;
  checkRateMax: number;
  /** Hidden wrong results that the close of a window tolerates, as a share of its results. */
  hiddenShareMax: number;
  /** By how much an attack multiplies rates for the windows that follow: in the stratum that was swept, and in all of them. */
  boostMax: number;
  boostAllMax: number;
  /** Agreements a newcomer owes as second replicas before it gives first ones; `flood` while newcomers are flooding in. */
  quarantine: { calm: number; flood: number };
  /** Whether results stay revocable until their window closes. Without a hold they are final when they are accepted. */
  hasHold: boolean;
};

const CHECKED = { witnessesMin: 1, credibilityMin: 0, witnessAgreedMin: 0, hasHold: true } as const;

/** The rules of each class. What they promise was measured by `npm run bench:trust`; docs/trust.md has the figures. */
export const ASSURANCE: Readonly<Record<AssuranceClass, AssuranceRules>> = {
  instant: {
    witnessesMin: 2,
    credibilityMin: 0.98,
    witnessAgreedMin: 0,
    newcomerAges: 0,
    checkRateMin: 0,
    checkRateMax: 0,
    hiddenShareMax: 1,
    boostMax: 1,
    boostAllMax: 1,
    quarantine: { calm: 0, flood: 0 },
    hasHold: false,
  },
  economy: {
    ...CHECKED,
    newcomerAges: 1,
    checkRateMin: 0.03,
    checkRateMax: 0.3,
    hiddenShareMax: 1e-4,
    boostMax: 2,
    boostAllMax: 2,
    quarantine: { calm: 0, flood: 5 },
  },
  standard: {
    ...CHECKED,
    newcomerAges: 3,
    checkRateMin: 0.04,
    checkRateMax: 0.5,
    hiddenShareMax: 4e-6,
    boostMax: 4,
    boostAllMax: 2,
    quarantine: { calm: 0, flood: 5 },
  },
  high: {
    ...CHECKED,
    newcomerAges: 20,
    checkRateMin: 0.08,
    checkRateMax: 0.5,
    hiddenShareMax: 3e-6,
    boostMax: 8,
    boostAllMax: 4,
    quarantine: { calm: 0, flood: 5 },
  },
  critical: {
    witnessesMin: 2,
    credibilityMin: 0.9995,
    witnessAgreedMin: 20,
    newcomerAges: 0,
    checkRateMin: 0.05,
    checkRateMax: 0.05,
    hiddenShareMax: 3e-6,
    boostMax: 8,
    boostAllMax: 4,
    quarantine: { calm: 0, flood: 0 },
    hasHold: true,
  },
};

/** What a class costs and how it works, as an owner is told before choosing. */
export type AssuranceOffer = {
  /** Replicas each shard gets before its result is usable. */
  quorum: number;
  /** Replicas that the escrow of a shard covers; what is not spent returns. */
  replicasMax: number;
  /** Executions that an accepted shard costs on average while nobody attacks: the price of a shard is this times the price of a replica. */
  executions: number;
};

/** Executions of `standard` and `instant` as measured by `npm run bench:trust`; the others scale by their rates. */
export const ASSURANCE_OFFERS: Readonly<Record<AssuranceClass, AssuranceOffer>> = {
  instant: { quorum: 2, replicasMax: 5, executions: 2.1 },
  economy: { quorum: 1, replicasMax: 3, executions: 1.07 },
  standard: { quorum: 1, replicasMax: 3, executions: 1.1 },
  high: { quorum: 1, replicasMax: 3, executions: 1.22 },
  critical: { quorum: 2, replicasMax: 5, executions: 2.2 },
};
