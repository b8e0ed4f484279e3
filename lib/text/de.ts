import type { Catalogue } from "./catalogue.ts";
import { account } from "./de/account.ts";
import { admin } from "./de/admin.ts";
import { billing } from "./de/billing.ts";
import { docs } from "./de/docs.ts";
import { editor } from "./de/editor.ts";
import { errors } from "./de/errors.ts";
import { home } from "./de/home.ts";
import { jobs } from "./de/jobs.ts";
import { network } from "./de/network.ts";
import { notices } from "./de/notices.ts";
import { phrases } from "./de/phrases.ts";
import { picture } from "./de/picture.ts";
import { pools } from "./de/pools.ts";
import { privacy } from "./de/privacy.ts";
import { report } from "./de/report.ts";
import { rewards } from "./de/rewards.ts";
import { broken, notFound, site } from "./de/site.ts";
import { states } from "./de/states.ts";
import { status } from "./de/status.ts";
import { studio } from "./de/studio.ts";
import { submit } from "./de/submit.ts";
import { templates } from "./de/templates.ts";
import { volunteer } from "./de/volunteer.ts";
import { wallet } from "./de/wallet.ts";

/** Every sentence a person reads in the app, in German. The reader is addressed as "du"; the terms are listed in CONTRIBUTING. */
export const de: Catalogue = {
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
  states,
};
