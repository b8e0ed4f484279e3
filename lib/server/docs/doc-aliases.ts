import type { DOC_GROUPS } from "#lib/domain/doc/doc-groups.ts";

type DocPath = (typeof DOC_GROUPS)[keyof typeof DOC_GROUPS][number];

/** Words that people look for a page by and that the page itself need not use. */
export const DOC_ALIASES: Partial<Record<DocPath, string>> = {
  "guide/lend-a-tab": "start volunteer contribute donate share help begin recover recovery phrase twelve words lost device new computer move phone",
  "guide/is-it-safe":
    "security secure sandbox virus malware hack dangerous trust risk mining mine miner bitcoin crypto cryptocurrency read my files access passwords",
  "guide/what-does-it-cost-me": "power energy watt bill data traffic slow fan price money hot heat noise laptop battery",
  "guide/get-paid": "claim rewards earnings payout wallet link device withdraw merkle proof reserve how much do i earn metamask gas crypto",
  "guide/why-am-i-idle": "nothing happens happening not working stuck no work jobs waiting",
  "guide/what-is-stored":
    "privacy personal data gdpr delete export track tracking cookie ip address anonymous secret confidential who sees my data delete account",
  "guide/run-a-headless-device": "raspberry pi cli terminal server without browser command line daemon cluster",
  "guide/submit-a-job": "upload run program owner customer start api key wallet sign in curl cancel stop pause download results my job failed downloads",
  "guide/use-the-terminal": "cli command line shoal login api key pipe stdin exit code local device code",
  "guide/use-the-sdk": "library code javascript typescript npm async iterate map abort",
  "guide/cut-an-input": "slice slicing split chunk csv partition range shard size merge join combine outputs sum picture mosaic",
  "guide/how-results-are-verified": "trust cheat cheating wrong redundancy verification correct proof validate how sure certain accurate right",
  "guide/check-your-own-jobs": "own trusted device auditor recheck verify myself doubt second look",
  "guide/compute-in-a-pool": "private group team class lab school invite friends visibility",
  "guide/be-told": "notifications notify bell push feed alert email web push service worker",
  "guide/use-a-passkey": "passkeys webauthn fingerprint face without wallet lost account locked out recover",
  "guide/fund-your-jobs": "deposit withdraw billing balance permit approve escrow invoice csv statement top up",
  "guide/what-it-costs": "claim payout pay paid earn earnings withdraw token money price fee budget refund price per shard",
  "guide/what-a-program-may-do":
    "wasm wasi webassembly limits determinism deterministic language stdin stdout files network python emscripten threads random numbers seed memory limit",
  "guide/write-a-program-in-c": "c++ cpp clang compile emscripten emcc",
  "guide/write-a-program-in-rust": "cargo rustc compile",
  "guide/write-a-program-in-go": "golang compile",
  "guide/write-a-program-in-zig": "compile",
  "guide/write-a-program-in-typescript": "javascript js ts assemblyscript node compile",
  "guide/write-a-wgsl-kernel": "gpu webgpu shader compute graphics card cuda opencl float tolerance",
  "guide/run-the-demo": "try install local quickstart start",
  "operations/payouts": "deposit withdraw claim epoch merkle root proof guardian veto chain contract escrow earnings wallet",
  "operations/run-in-production": "self host hosting self-host install deploy deployment server docker own instance environment settings",
  "operations/what-may-run-here": "policy moderation review takedown deny allow block list abuse report emergency stop mining miner operator",
  "operations/runbook": "alert alerts prometheus grafana dashboard incident on-call paging",
  "operations/watch-it": "monitor monitoring logs metrics alert",
  "operations/back-up-and-restore": "backup dump recover disaster",
  "operations/spread-the-database": "citus shard sharding scale cluster nodes distribute postgresql",
  "reference/job-json": "schema fields job file limits",
  "reference/protocol": "api http endpoint rest client",
  "reference/api": "rest endpoint openapi swagger call parameter scope",
  "reference/errors": "error code failed message",
  "reference/glossary": "words terms meaning definition",
};
