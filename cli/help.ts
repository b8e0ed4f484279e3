/** What `shoal help` prints. */
export const HELP = `shoal: lend this machine, or have a job computed

  shoal volunteer            compute for an instance until Ctrl-C
      --cores N              how many shards at once (default: every core)
      --share PERCENT        of the processor on those cores, 5 to 100 (default: 100)
      --memory MIB           bound on the memory of the shards that run at once
      --data MIB             bound on what is sent and received in a day
      --hours FROM-TO        compute only then, for example 22:00-07:00
      --topic TOPIC          compute only for jobs of this topic; may be given again
      --job JOB              compute only for this job; may be given again
      --trusted CODE         enrol this device as trusted, with an operator's one-time code
      --name NAME            which device of this machine to be (default: default)
      --profile FOLDER       keep the device's key there instead of ~/.shoal/devices/NAME
      --json                 one JSON line every ten seconds and at every change of phase

  shoal submit FILE.json     upload a job's files, create it, print its id
  shoal watch JOB            follow a job until it ends
  shoal results JOB          write its result so far to standard output
      --out FILE             or to a file
  shoal jobs                 list your jobs, newest first

  --server URL               the instance (default: SHOAL_SERVER, else http://localhost:3000)
  --key KEY                  an owner's API key (default: SHOAL_API_KEY)`;
