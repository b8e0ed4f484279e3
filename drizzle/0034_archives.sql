CREATE TABLE "result_archives" (
	"job_id" uuid NOT NULL,
	"block_no" integer NOT NULL,
	"settled" bigint NOT NULL,
	"shard_nos" integer[] NOT NULL,
	"rounds" smallint[] NOT NULL,
	"voter_ids" uuid[] NOT NULL,
	"device_ids" uuid[] NOT NULL,
	"outcomes" text[] NOT NULL,
	"digests" "bytea"[] NOT NULL,
	"output_bytes" integer[] NOT NULL,
	"exit_codes" integer[] NOT NULL,
	"traps" text[] NOT NULL,
	"stderrs" text[] NOT NULL,
	"durations_ms" integer[] NOT NULL,
	"adapters" text[] NOT NULL,
	"reported_ats" timestamp with time zone[] NOT NULL,
	"settled_ats" timestamp with time zone[] NOT NULL,
	"agreeds" text[] NOT NULL,
	CONSTRAINT "result_archives_job_id_block_no_pk" PRIMARY KEY("job_id","block_no")
);
--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "archived_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "jobs_unarchived" ON "jobs" USING btree ("closed_at") WHERE files_gone_at is not null and archived_at is null;