import type { ErrorCode } from "#lib/protocol/errors.ts";

/** What happened and what to do, for every code; parameters as in the protocol's table. */
export const errors: Record<ErrorCode, string> = {
  bad_request: "{field}: {problem}.",
  not_json: "The request was not understood. Reload the page and try again.",
  too_large: "{what} is larger than the {limit, bytes} this instance accepts. Nothing was stored.",
  unauthenticated: "Sign in first.",
  forbidden: "You may not do this: {need} is needed.",
  wrong_origin: "This request came from another address than the instance's own. Open the instance at its own address and try again.",
  not_found: "There is no {what} here that you can see.",
  conflict: "This cannot be done: {problem}.",
  idempotency_key_reused: "The key of this request came with another request before. Send a new one. Nothing was stored.",
  version_unsupported: "This page is older than the instance. Reload it; finished results are kept.",
  rate_limited: "Too many requests. Try again in {seconds} s.",
  internal: "Something went wrong on our side. Try again; if it stays, give the operator the reference {reference}.",
  unavailable: "The instance cannot answer right now: {problem}. Try again in a moment.",

  challenge_unknown: "This sign-in took too long or was used before. Try again.",
  signature_invalid: "The signature does not fit: {problem}. Sign exactly the text that your wallet shows.",
  device_revoked: "The operator revoked this device's key.",
  enrolment_unknown: "The enrolment code is not known, was used, or has expired. Ask the operator for a new one.",
  passkey_unknown: "No account here has this passkey; it may have been removed. Use another one, or your wallet.",
  session_old: "For this you have to have signed in within the last {minutes, number} minutes. Sign in again, then do it again.",
  wallet_needed: "This needs a wallet, and your account has none. Add one on the page of your account.",
  text_changed: "A text that you agree to ({document}) has changed: it stands in version {want}, and you were shown {got}. Read it again before you go on.",
  key_job: "This API key may touch {job} only.",
  key_spend_limit: "The job reserves {need, money} and this API key may reserve {left, money} more. Submit a smaller job or use another key.",
  login_unknown: "There is no such code: it was used, has expired, or was never given. Run “shoal login” again.",
  login_pending: "The owner has not decided yet.",
  login_denied: "The owner denied this login.",
  key_scope: "This API key does not have the scope {scope}. Create a key that has it.",

  artifact_missing: "The file of {field} has to be uploaded again. Submit once more and it will be.",
  digest_mismatch: "The upload was damaged on its way. Submit once more.",
  upload_offset: "The upload goes on at byte {want, number}, not at {got, number}. Submit once more and it will.",
  uploads_open:
    "You have {count, number} unfinished uploads, and at most {countMax, number} with {bytesMax, bytes} together may be open. Finish one, or wait a day: then they are removed.",
  program_refused: "The program cannot run here: {problem}",
  arguments_refused: "The arguments are not right: {problem}.",
  trusted_device_missing: "No trusted device is online now that could run {what}. Try again later, or leave it out.",
  assurance_unavailable: "This instance cannot promise {assurance} now: {problem}. Choose another class.",
  input_empty: "The input holds no {records}, so there are no shards.",
  input_malformed: "The input is not {format}: line {line}: {problem}.",
  zip_refused: "The zip cannot be unpacked: {problem}.",
  input_needed: "Slicing by {mode} {problem}.",
  shards_too_many: "This makes {count, number} shards; the instance allows {limit, number}. Put more into one shard.",
  funds_short: "The job reserves {need, money} and you have {have, money}. Lower the price or the number of replicas.",
  release_short: "You want to withdraw {need, money}, and {have, money} of it is free. Running jobs return what they do not spend.",
  no_pool: "This instance has no contracts on a chain, so nothing is deposited or claimed here.",
  job_ended: "The job has ended: {state}. Submit a new one.",
  result_not_ready: "No shard of this job is verified yet. Try again once the first ones are.",
  result_not_reduced: "Your reducer has not made anything of the shards yet. Try again in a moment, or download the outputs.",
  reducer_failed: "Your reducer ended as {outcome} over the shards {from, number} to {to, number}. The outputs themselves can be downloaded.",

  grant_unknown: "This grant is not this device's or does not exist.",
  output_limit: "The output is larger than the job allows.",

  shard_no_agreement:
    "{replicas} replicas gave no agreeing results. The program's output depends on more than its input: look for time, randomness or uninitialised memory.",
  shard_rejected: "Your verifier rejected the outputs of {replicas} replicas.",
  shard_machine_failures: "The program {outcome} on {replicas} devices. Raise the limit, or make shards smaller.",
  shard_lost: "The shard was lost on {replicas} devices in a row. Make shards smaller so that they finish before devices leave.",
  shard_failed_alike: "The program {outcome} on every device. Its log says more.",
  verifier_failed:
    "Your verifier ended as {outcome} over shard {shard}, so the job stopped itself. It has to end with exit code 0 or 1 within the job's limits. What was not spent was returned.",
  verifier_rejects_all:
    "Your verifier rejected what {clusters} independent devices computed for shard {shard} and accepted nothing, so the job stopped itself. Run it over an output that you know is right.",
  job_all_failed:
    "All of the first {shards, number} shards ended alike ({outcome}), so the job stopped itself. Correct the program or the input and submit again.",
  job_not_deterministic:
    "The program gives different results on different machines, so the job stopped itself. Remove what differs, or say how far results may be apart.",
  budget_leaving: "The money behind this job is being taken out of the contract, so it ended.",
  program_denied: "The operators of this instance do not let this program run: {reason}",
  program_mines:
    "This program looks like one that mines coins ({sign}), and this instance does not run those. If it does not mine, ask the operators to allow it.",
  account_denied: "The operators of this instance do not take jobs from this account: {reason}",
  job_in_review: "An operator looks at this job before it runs. You need not do anything; cancelling it returns what it reserved.",
  job_held: "An operator paused this job: {reason} It goes on when an operator lets it; cancelling it returns what it reserved.",
  job_taken_down: "An operator ended this job: {reason} What was not spent was returned.",
  job_cancelled: "You cancelled the job. What was not spent was returned.",
};
