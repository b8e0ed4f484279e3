/**
 * Who can do something about an error, and when: `fix` the request, `later` the same request may succeed, `reload` the client is too old,
 * `never` it is settled.
 */
export type Remedy = "fix" | "later" | "reload" | "never";

type ErrorRow = { status: number; remedy: Remedy; message: string; help: string };

/**
 * Every error a person or program can meet, once. `message` is the English sentence of the wire with `{params}` filled in; `help` says what to do
 * and stands in docs/reference/errors.md, which is generated from this table.
 */
export const ERROR_CODES = {
  bad_request: {
    status: 400,
    remedy: "fix",
    message: "The field {field} is not right: {problem}.",
    help: "Correct the named field and send the request again; nothing was stored.",
  },
  not_json: { status: 400, remedy: "fix", message: "The body is not JSON.", help: "Send a JSON document with the header content-type: application/json." },
  too_large: {
    status: 413,
    remedy: "fix",
    message: "{what} is larger than the {limit} bytes this instance accepts.",
    help: "Send less, or ask the operator to raise the limit. Nothing was stored.",
  },
  unauthenticated: {
    status: 401,
    remedy: "fix",
    message: "Sign in first.",
    help: "Sign in with a wallet or a passkey, send an API key, or renew the device's token.",
  },
  forbidden: { status: 403, remedy: "never", message: "You may not do this: {need} is needed.", help: "Use an account or key that has what is named." },
  wrong_origin: {
    status: 403,
    remedy: "fix",
    message: "This request came from another site.",
    help: "Open the instance itself; writes that carry a session are accepted from its own pages only.",
  },
  not_found: {
    status: 404,
    remedy: "never",
    message: "There is no {what} here that you can see.",
    help: "Check the id. Things of other people look the same as things that do not exist.",
  },
  conflict: { status: 409, remedy: "fix", message: "This cannot be done: {problem}.", help: "Look at the present state and decide again." },
  idempotency_key_reused: {
    status: 422,
    remedy: "fix",
    message: "This Idempotency-Key was sent with another request.",
    help: "Send a new key with a new request; the same key only repeats the same one. Nothing was stored.",
  },
  version_unsupported: {
    status: 426,
    remedy: "reload",
    message: "This client speaks version {got}; the instance speaks {want}.",
    help: "Reload the page or update the command-line client. Finished results are kept.",
  },
  rate_limited: { status: 429, remedy: "later", message: "Too many requests. Try again in {seconds} s.", help: "Wait as long as Retry-After says." },
  internal: {
    status: 500,
    remedy: "later",
    message: "Something went wrong on our side (reference {reference}).",
    help: "Try again; if it stays, give the reference to the operator. Nothing half-done was kept.",
  },
  unavailable: { status: 503, remedy: "later", message: "The instance cannot answer right now: {problem}.", help: "Try again in a moment." },

  challenge_unknown: {
    status: 400,
    remedy: "fix",
    message: "The challenge was not issued here, was used, or has expired.",
    help: "Ask for a new challenge and sign that one.",
  },
  signature_invalid: {
    status: 401,
    remedy: "fix",
    message: "The signature does not fit: {problem}.",
    help: "Sign exactly the text that was given, with the wallet or key that is named.",
  },
  device_revoked: {
    status: 403,
    remedy: "never",
    message: "This device's key was revoked.",
    help: "The operator withdrew it. Clear the device and register again if that was a mistake.",
  },
  enrolment_unknown: {
    status: 400,
    remedy: "fix",
    message: "The enrolment code is not known, was used, or has expired.",
    help: "Ask the operator for a new code.",
  },
  key_job: { status: 403, remedy: "never", message: "This API key is restricted to {job}.", help: "Use a key without that restriction." },
  key_spend_limit: {
    status: 402,
    remedy: "fix",
    message: "The job reserves {need} and this API key may reserve {left} more (limit {limit}, {period}).",
    help: "Submit a smaller job, wait for the next day (UTC), or use a key with a higher limit. Nothing was stored.",
  },
  login_unknown: {
    status: 404,
    remedy: "fix",
    message: "There is no such code: it was used, has expired, or was never given.",
    help: "Run shoal login again and type the code it shows.",
  },
  login_pending: { status: 409, remedy: "later", message: "The owner has not decided yet.", help: "Ask again in two seconds, until the code expires." },
  login_denied: { status: 403, remedy: "never", message: "The owner denied this login.", help: "Run shoal login again if that was a mistake." },
  key_scope: { status: 403, remedy: "never", message: "This API key does not have the scope {scope}.", help: "Create a key with that scope." },
  passkey_unknown: {
    status: 401,
    remedy: "fix",
    message: "No account here has this passkey.",
    help: "Sign in with another passkey or your wallet, or make a new account. The passkey may be removed from your device's settings.",
  },
  session_old: {
    status: 403,
    remedy: "fix",
    message: "For this you have to have signed in within the last {minutes} minutes.",
    help: "Sign in again with your wallet or a passkey, then do it again. Nothing was changed.",
  },
  wallet_needed: {
    status: 409,
    remedy: "fix",
    message: "This needs a wallet, and your account has none.",
    help: "Add a wallet to the account on its page, then do it again.",
  },
  text_changed: {
    status: 409,
    remedy: "fix",
    message: "The text {document} stands in version {want}; you named {got}.",
    help: "Read the text as it is, and send its version if you agree. Nothing was stored.",
  },

  artifact_missing: {
    status: 400,
    remedy: "fix",
    message: "The artifact of {field} was not uploaded by you.",
    help: "Upload the bytes first, then refer to their SHA-256.",
  },
  digest_mismatch: {
    status: 400,
    remedy: "fix",
    message: "The bytes have the SHA-256 {got}, not {want}.",
    help: "The upload was damaged or the wrong file was sent. Nothing was stored.",
  },
  upload_offset: {
    status: 409,
    remedy: "fix",
    message: "The upload goes on at byte {want}, not at {got}.",
    help: "Send the bytes from there. What was sent before is kept.",
  },
  uploads_open: {
    status: 409,
    remedy: "fix",
    message: "You have {count} unfinished uploads; at most {countMax} with {bytesMax} bytes together may be open.",
    help: "Finish one, give one up, or wait: an upload that gets no byte for a day is removed.",
  },
  upload_quota: {
    status: 429,
    remedy: "later",
    message: "Your account may upload {limit} bytes a day. Try again in {seconds} s.",
    help: "The day ends at midnight UTC, as Retry-After says. What was sent of an upload in parts is kept and goes on then.",
  },
  kept_full: {
    status: 413,
    remedy: "later",
    message: "The instance keeps {kept} bytes of your uploads and results and may keep {limit}.",
    help: "Uploads that no job uses go a day after they came; those of a closed job, and its results, when the operator's time for them is over; results can be deleted before. Nothing was stored.",
  },
  jobs_open: {
    status: 429,
    remedy: "later",
    message: "Your account has {limit} open jobs, and may have no more.",
    help: "Wait until one of them ends, or cancel one. Nothing was stored and nothing reserved.",
  },
  program_refused: {
    status: 422,
    remedy: "fix",
    message: "The program cannot run here: {problem}",
    help: "Each problem names its fix. Rebuild the program and upload it again.",
  },
  arguments_refused: {
    status: 422,
    remedy: "fix",
    message: "The argument template is not right: {problem}.",
    help: "Use the placeholders {shard}, {seed} and those that the slicing offers; write {{ for a brace.",
  },
  assurance_unavailable: {
    status: 422,
    remedy: "fix",
    message: "This instance cannot promise {assurance} now: {problem}.",
    help: "Choose another class; GET /api/v1/assurances says which can be had and what each promises.",
  },
  trusted_device_missing: {
    status: 409,
    remedy: "later",
    message: "No trusted device is there that could run {what}.",
    help: "Try again when one of the operator's devices is online, or leave out what only such a device runs.",
  },
  input_empty: {
    status: 422,
    remedy: "fix",
    message: "The input holds no {records}, so there are no shards.",
    help: "Upload an input with at least one record.",
  },
  input_malformed: {
    status: 422,
    remedy: "fix",
    message: "The input is not {format}: line {line}: {problem}.",
    help: "Correct the line and upload the input again.",
  },
  zip_refused: {
    status: 422,
    remedy: "fix",
    message: "The zip cannot be unpacked: {problem}.",
    help: "Pack plain files with relative paths, stored or deflated, without encryption, and upload the zip again.",
  },
  input_needed: {
    status: 422,
    remedy: "fix",
    message: "Slicing by {mode} {problem}.",
    help: "Give an input where the slicing cuts one; give none for range, grid and repeat.",
  },
  shards_too_many: { status: 422, remedy: "fix", message: "This makes {count} shards; the instance allows {limit}.", help: "Put more records into a shard." },
  funds_short: {
    status: 402,
    remedy: "fix",
    message: "The job reserves {need} and you have {have}.",
    help: "Lower the price or the number of replicas, or add funds. What is not spent returns to you.",
  },
  release_short: {
    status: 402,
    remedy: "fix",
    message: "You want to withdraw {need}, and {have} of it is free.",
    help: "Withdraw less, or wait until running jobs return what they do not spend. Money that the instance gave cannot be withdrawn.",
  },
  no_pool: {
    status: 409,
    remedy: "never",
    message: "This instance has no contracts on a chain, so nothing is deposited or claimed here.",
    help: "Ask the operator whether payouts are planned; results and credit do not depend on them.",
  },
  chain_unknown: { status: 404, remedy: "fix", message: "This instance pays on {chains}, not on chain {chainId}.", help: "Name one of those, or none." },
  program_denied: {
    status: 403,
    remedy: "never",
    message: "The operators of this instance do not let this program run: {reason}",
    help: "Ask the operators, or submit another program. Nothing was stored.",
  },
  program_mines: {
    status: 403,
    remedy: "never",
    message: "The program looks like one that mines coins ({sign}), and this instance does not run those.",
    help: "If it does not mine, ask the operators to allow its SHA-256 or your account. Nothing was stored.",
  },
  account_denied: {
    status: 403,
    remedy: "never",
    message: "The operators of this instance do not take jobs from this account: {reason}",
    help: "Ask the operators. Nothing was stored.",
  },
  job_in_review: {
    status: 409,
    remedy: "later",
    message: "An operator looks at this job before it runs.",
    help: "Wait for the decision, or cancel the job: what it reserved returns either way, unless it runs.",
  },
  job_ended: { status: 409, remedy: "never", message: "The job has ended ({state}).", help: "Submit a new job." },
  result_not_ready: {
    status: 409,
    remedy: "later",
    message: "No shard of this job has a verdict yet.",
    help: "Download again once the first shards are verified.",
  },
  result_gone: {
    status: 410,
    remedy: "never",
    message: "The results of this job were deleted on {day}.",
    help: "Digests, verdicts and figures of the job stay. Submit it again to compute them anew; the operator says how long results are kept.",
  },
  result_not_reduced: {
    status: 409,
    remedy: "later",
    message: "The job's reducer has not made anything of its shards yet.",
    help: "Download again in a moment, or ask for as=outputs to get the outputs themselves.",
  },
  reducer_failed: {
    status: 409,
    remedy: "never",
    message: "The job's reducer ended as {outcome} over the shards {from} to {to}.",
    help: "Ask for as=outputs to get the verified outputs themselves. A reducer reads outputs on stdin and /data/state, and ends with exit code 0 within a minute and the job's memory.",
  },

  grant_unknown: { status: 409, remedy: "never", message: "This grant is not yours or does not exist.", help: "Drop the result and ask for new grants." },
  output_limit: { status: 413, remedy: "never", message: "The output is larger than the job allows.", help: "The shard is reported as output_limit." },

  shard_no_agreement: {
    status: 200,
    remedy: "never",
    message: "{replicas} replicas gave no two equal results.",
    help: "The program's output depends on more than its input. Look for time, randomness or uninitialised memory in it.",
  },
  shard_rejected: {
    status: 200,
    remedy: "never",
    message: "The job's verifier rejected the outputs of {replicas} replicas.",
    help: "Look at what the verifier wrote about them: either devices computed wrongly, or the verifier rejects what is right.",
  },
  shard_machine_failures: {
    status: 200,
    remedy: "never",
    message: "The shard ended as {outcome} on {replicas} devices.",
    help: "Raise the time or memory limit, or make shards smaller.",
  },
  shard_lost: {
    status: 200,
    remedy: "never",
    message: "The shard was lost on {replicas} devices in a row.",
    help: "Make shards smaller so that they finish before devices leave.",
  },
  shard_failed_alike: {
    status: 200,
    remedy: "never",
    message: "The program ended as {outcome} on every device.",
    help: "Read the shard's stderr: the program itself fails on this input.",
  },
  job_not_deterministic: {
    status: 200,
    remedy: "fix",
    message: "The job stopped itself: devices that do not know each other computed other results than the trusted device, again and again.",
    help: "The program gives different results on different machines. Remove what differs, or say in verification.compare how far results may be apart.",
  },
  verifier_failed: {
    status: 200,
    remedy: "never",
    message: "The job's verifier ended as {outcome} over shard {shard}, so the job stopped itself.",
    help: "A verifier ends with exit code 0 to accept or 1 to reject, within the job's limits of time and memory. Correct it and submit again; what was not spent was returned.",
  },
  verifier_rejects_all: {
    status: 200,
    remedy: "never",
    message: "The job's verifier rejected what {clusters} independent devices computed for shard {shard} and has accepted nothing, so the job stopped itself.",
    help: "Run the verifier over an output that you know is right. What was not spent was returned.",
  },
  job_all_failed: {
    status: 200,
    remedy: "never",
    message: "All of the first {shards} shards failed alike ({outcome}), so the job stopped itself.",
    help: "Read the stderr of a failed shard, correct the program or the input, and submit again. What was not spent was returned.",
  },
  budget_leaving: {
    status: 200,
    remedy: "never",
    message: "The money behind this job is being taken out of the contract.",
    help: "You asked the contract for the way out of your budget, so the job ended. What was not spent is yours to withdraw.",
  },
  job_held: {
    status: 200,
    remedy: "later",
    message: "An operator paused the job: {reason}",
    help: "Wait for the operator's decision, ask the operators, or cancel the job: what it reserved returns.",
  },
  job_taken_down: {
    status: 200,
    remedy: "never",
    message: "An operator ended the job: {reason}",
    help: "Ask the operators of the instance. What was not spent was returned; verified results stay.",
  },
  job_cancelled: { status: 200, remedy: "never", message: "The owner cancelled the job.", help: "What was not spent was returned." },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_CODES;
export type ErrorParams = Record<string, string | number>;
/** What travels: a code, its parameters, and an English sentence for logs and strangers' clients. */
export type WireError = { code: ErrorCode; params: ErrorParams; message: string };

/** The sentence of a code with its parameters filled in; a missing parameter stays visible as its name. */
export function errorMessage(code: ErrorCode, params: ErrorParams = {}): string {
  return ERROR_CODES[code].message.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

/** An error that crosses the wire with its code: thrown by commands, rendered by `handle()`, re-created by the client. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly code: ErrorCode;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: ErrorOptions) {
    super(errorMessage(code, params), options);
    this.code = code;
    this.params = params;
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }

  /** The field of the request that is wrong, where the error names one. */
  get field(): string | null {
    return typeof this.params.field === "string" ? this.params.field : null;
  }

  get remedy(): Remedy {
    return ERROR_CODES[this.code].remedy;
  }
}
