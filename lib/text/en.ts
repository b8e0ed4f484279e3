import { account } from "./en/account.ts";
import { admin } from "./en/admin.ts";
import { billing } from "./en/billing.ts";
import { docs } from "./en/docs.ts";
import { editor } from "./en/editor.ts";
import { errors } from "./en/errors.ts";
import { home } from "./en/home.ts";
import { jobs } from "./en/jobs.ts";
import { network } from "./en/network.ts";
import { notices } from "./en/notices.ts";
import { phrases } from "./en/phrases.ts";
import { picture } from "./en/picture.ts";
import { pools } from "./en/pools.ts";
import { privacy } from "./en/privacy.ts";
import { report } from "./en/report.ts";
import { rewards } from "./en/rewards.ts";
import { broken, notFound, site } from "./en/site.ts";
import { enginePhases, jobStates, keyScopes, noVerdicts, outcomes, slicingModes, waitReasons } from "./en/states.ts";
import { status } from "./en/status.ts";
import { studio } from "./en/studio.ts";
import { submit } from "./en/submit.ts";
import { templates } from "./en/templates.ts";
import { volunteer } from "./en/volunteer.ts";
import { wallet } from "./en/wallet.ts";

/** Every sentence a person reads in the app, in English. */
export const en = {
  site,
  home,
  notFound,
  broken,
  account,
  jobs,
  studio,
  submit,
  templates,
  volunteer,
  docs,
  editor,
  notices,
  picture,
  pools,
  privacy,
  network,
  status,
  admin,
  rewards,
  report,
  billing,
  wallet,
  errors,
  phrases,
  states: { jobStates, outcomes, noVerdicts, waitReasons, enginePhases, keyScopes, slicingModes },
} as const;
