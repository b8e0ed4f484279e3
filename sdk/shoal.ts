import { newIdempotencyKey } from "#lib/client/api/idempotency-key.ts";
import { withRetries } from "#lib/client/api/retry.ts";
import { isId } from "#lib/domain/ids.ts";
import type { JobState } from "#lib/domain/job/job.ts";
import { type CheckingDevice, createCheckingCode, listCheckingDevices, revokeCheckingDevice } from "#lib/protocol/devices/checking-devices.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { createJob, type JobSummary, listJobs } from "#lib/protocol/jobs/jobs.ts";
import { connect, type ShoalOptions } from "./connection.ts";
import { Job } from "./job.ts";
import { checkRequest, type JobRequest, uploadRequest } from "./job-request.ts";
import { type MapOptions, mapItems } from "./map.ts";
import type { Source } from "./source.ts";
import { type OnUpload, type UploadOptions, upload } from "./upload.ts";

const PAGE_JOBS = 100;

export type RunOptions = {
  signal?: AbortSignal | undefined;
  onUpload?: OnUpload | undefined;
  /** The version of the instance's terms that whoever submits was shown and agrees to. */
  terms?: string | undefined;
  /**
   * What makes two calls one: the same key again, also from another process within a week, gives the job that the first made, and is refused with another
   * request. Each call has a key of its own unless given.
   */
  idempotencyKey?: string | undefined;
};

/** An instance of Shoal in the name of an owner. Errors of the instance are ApiErrors with `code` and `field`; a lost connection is an OfflineError. */
export type Shoal = {
  /** Checks the request, uploads its bytes, and submits the job, which is funded and starts at once. */
  run(request: JobRequest, options?: RunOptions): Promise<Job>;
  /** Runs a program for each item; results come in the order of the items. */
  map<T, R = string>(items: Iterable<T> | AsyncIterable<T>, program: Source, options?: MapOptions<T, R>): AsyncGenerator<R, void>;
  /** A job by its id, without asking the instance. */
  job(id: string): Job;
  /** The account's jobs, newest first, fetched as they are read. */
  jobs(options?: { state?: JobState; signal?: AbortSignal }): AsyncGenerator<JobSummary, void>;
  /** The devices that check the account's jobs, newest first. */
  checkingDevices(options?: { signal?: AbortSignal | undefined }): Promise<CheckingDevice[]>;
  /** A one-time code, good for an hour, for `shoal volunteer --trusted CODE` on a machine of the account's. */
  addCheckingDevice(options?: { signal?: AbortSignal | undefined }): Promise<{ code: string; expiresAt: string }>;
  /** Revokes one of them for good. */
  revokeCheckingDevice(id: string, options?: { signal?: AbortSignal | undefined }): Promise<void>;
  /** Uploads bytes, to be named in jobs by what this returns. */
  upload(source: Source, options: UploadOptions): Promise<{ sha256: string }>;
};

/** The door to an instance. Nothing is sent until something is asked. */
export function createShoal(options: ShoalOptions): Shoal {
  const connection = connect(options);
  const { api } = connection;
  const run: Shoal["run"] = async (request, { signal, onUpload, terms, idempotencyKey = newIdempotencyKey() } = {}) => {
    checkRequest(request);
    const spec = await uploadRequest(connection, request, { onUpload, signal });
    const { id } = await withRetries(() => api.call(createJob, { ...spec, terms }, { signal, idempotencyKey }), signal);
    return new Job(connection, id);
  };
  return {
    run,
    async *map(items, program, mapOptions = {}) {
      const { signal, onUpload } = mapOptions;
      const sha256 = await upload(connection, program, { part: "program", onUpload, signal });
      yield* mapItems(items, { sha256 }, { submit: run, options: mapOptions });
    },
    job(id) {
      if (!isId("job", id)) throw new ApiError("bad_request", { field: "id", problem: "must look like job_ and 32 hexadecimal digits" });
      return new Job(connection, id);
    },
    async *jobs({ state, signal } = {}) {
      for (let after: string | null | undefined; after !== null; ) {
        const page = { limit: PAGE_JOBS, state, after };
        const { jobs, next }: OutputOf<typeof listJobs> = await api.call(listJobs, page, { signal });
        yield* jobs;
        after = next;
      }
    },
    async checkingDevices({ signal } = {}) {
      return (await api.call(listCheckingDevices, {}, { signal })).devices;
    },
    async addCheckingDevice({ signal } = {}) {
      return await api.call(createCheckingCode, {}, { signal });
    },
    async revokeCheckingDevice(id, { signal } = {}) {
      if (!isId("dev", id)) throw new ApiError("bad_request", { field: "id", problem: "must look like dev_ and 32 hexadecimal digits" });
      await api.call(revokeCheckingDevice, { deviceId: id }, { signal });
    },
    async upload(source, uploadOptions) {
      return { sha256: await upload(connection, source, uploadOptions) };
    },
  };
}
