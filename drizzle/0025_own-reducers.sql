CREATE TABLE "job_reduction_steps" (
	"job_id" uuid NOT NULL,
	"to_no" integer NOT NULL,
	"shards" integer NOT NULL,
	"state" "bytea" NOT NULL,
	CONSTRAINT "job_reduction_steps_job_id_to_no_pk" PRIMARY KEY("job_id","to_no")
);
--> statement-breakpoint
CREATE TABLE "job_reductions" (
	"job_id" uuid PRIMARY KEY NOT NULL,
	"state" text DEFAULT 'going' NOT NULL,
	"failure" jsonb,
	"looked_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "errands" ADD COLUMN "to_no" integer;--> statement-breakpoint
CREATE INDEX "job_reductions_going" ON "job_reductions" USING btree ("looked_at") WHERE state = 'going';