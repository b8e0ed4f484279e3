/** What `shoal help` prints. */
export const HELP = `shoal: lend this machine, or have a job computed

  shoal volunteer            compute for an instance until Ctrl-C
      --cores N              how many shards at once (default: every core)
      --share PERCENT        of the processor on those cores, 5 to 100 (default: 100)
      --memory MIB           bound on the memory of the shards that run at once
      --data MIB             bound on what is sent and received in a day
      --hours FROM-TO        compute only then, for example 22:00-07:00
      --gpu on|off           whether kernels may use this machine's GPU, else on
      --topic TOPIC          compute only for jobs of this topic; may be given again
      --job JOB              compute only for this job; may be given again
      --trusted CODE         enrol this device with a one-time code: as trusted with an operator's,
                             to check your own jobs with one of “shoal devices add”
      --name NAME            which device of this machine to be (default: default)
      --profile FOLDER       keep the device's key there instead of ~/.shoal/devices/NAME
      --phrase-file FILE     be the device of the twelve words in this file
      --json                 one JSON line every ten seconds and at every change of phase

  shoal run PROGRAM --split MODE:N [options] [-- ARGS…]
                             have a program run over an input, and write its result
  shoal run FILE.json        the same from a job.json
      --split MODE[:N]       lines:N, fasta:N, csv:N, ndjson:N, bytes:N, files, repeat:N,
                             range:FROM..TO[..STEP][:N], grid:NAME=1,2;NAME=0..1*5, or JSON
      --input FILE           what is cut (default: standard input)
      --file NAME=FILE       a shared file, read as /data/NAME; arguments that name
                             a file here become shared files (--no-files: they do not)
      --out FILE             the result goes there, whole or not at all (default: standard output)
      --output FORMAT        what a shard writes: bytes, text, csv, ndjson, json or f32
      --reduce KIND          how outputs are joined: concat, sum[:FIELD], min, max, mean,
                             top-k:K[:FIELD], histogram:FROM..TO*BINS[:FIELD], or JSON;
                             PROGRAM.wasm is a reducer of your own
      --name --description --topic --time-ms --memory-mib --output-bytes
      --assurance --quorum --replicas-max --price --seed
                             the fields of job.json with these names
      --compare RULE         when two outputs agree: exact, text, json, or JSON with tolerances
      --chain NUMBER         the chain that pays, where the instance has several (default: its first)
      --pool POOL            only devices of this pool compute it; its id, pol_…, stands in the
                             address of its page
      --local [--cores N]    on this machine's cores, without an instance
      --final                wait until no result can be revoked any more
      --idempotency-key KEY  the same key again within a week gives the same job, not a second one
      --resume JOB           come back to a job that was left with Ctrl-C
      --json                 progress as JSON lines on standard error
  shoal submit …             the same job without waiting for it; prints its id
  shoal watch JOB            follow a job until every shard is decided (--final, --json)
  shoal results JOB          write its result so far (--out FILE, --final); with --outputs
                             what the shards wrote instead of what the reducer made of it
  shoal results JOB --delete delete the results of a closed job for good, once you said yes
                             (--yes: do not ask; --json)
  shoal pause | resume | cancel JOB
                             stop new grants, go on, or end it for good (--json)
  shoal rerun JOB            compute the failed shards of an ended job again (--json)
  shoal failures JOB         its failed shards, those that failed alike together, with what they wrote
                             to standard error (--json)
  shoal budget JOB --total AMOUNT
                             reserve more for an open job: its total, in millionths, what it spent
                             included; one that waits for funds goes on (--json)
  shoal publish | unpublish JOB
                             let everybody read its result, and print the address; or end that (--json)
  shoal members JOB          whom you let in to a job (--json)
      --let ADDRESS [--role view|manage]
                             let a wallet, or an account by its id, look at a job of yours (view),
                             or also pause, resume and cancel it (manage)
      --remove ADDRESS       take that back
  shoal funders JOB          whose money is in a job, and what of it would come back to whom (--json)
      --let ADDRESS --share PERCENT
                             let a wallet put money into a job of yours, for a share of what is returned
      --remove ADDRESS       take that back, from who has put nothing in
  shoal contribute JOB --total AMOUNT --share PERCENT
                             put money of yours into somebody's job: your total, in millionths, and
                             the share that you agree to (--json)
  shoal jobs                 list your jobs, newest first (--state STATE, --limit N, --json)
  shoal devices              the devices of yours that check your jobs (--json)
      add                    print a one-time code for another one
      revoke DEVICE          revoke one for good
  shoal inspect PROGRAM      what a program needs, and why it would be refused (--json)

  shoal login                let this terminal act for you: type its code in your browser
      --scope SCOPE          jobs:read, jobs:write or artifacts:write (default: all three)
      --days N               how long, 1 to 90 (default: 30)
  shoal keys                 the keys this terminal keeps, what each may and has spent (--json); those
                             of your other terminals and programs stand in the dashboard, at /keys:
                             a key can neither list nor make others
  shoal logout               revoke and forget this terminal's key

  shoal guardian             recompute the epochs that an instance proposes, and veto what does not
                             follow, until Ctrl-C; GUARDIAN_KEY holds the guardian's key
      --rpc URL              the chain, best asked from another server than the instance's
      --escrow ADDRESS       the instance's JobEscrow
      --start-block N        the block in which it was created (default: 0)

  --server URL               the instance (default: SHOAL_SERVER, else http://localhost:3000)
  --key KEY                  an owner's API key (default: SHOAL_API_KEY, else that of “shoal login”)

It ends with 0 when all is done, 1 when it could not be done, 2 when it was not understood,
3 when a job ended without an output of every shard, and 130 after Ctrl-C.`;
