CREATE TABLE "job_reruns" (
	"job_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"account_id" uuid NOT NULL,
	"shards" integer NOT NULL,
	"reserved_micro" bigint NOT NULL,
	CONSTRAINT "job_reruns_job_id_at_pk" PRIMARY KEY("job_id","at")
);
--> statement-breakpoint
ALTER TABLE "job_reruns" ADD CONSTRAINT "job_reruns_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_reruns" ADD CONSTRAINT "job_reruns_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;