CREATE TABLE "job_funders" (
	"job_id" uuid NOT NULL,
	"address" text NOT NULL,
	"share_bps" integer NOT NULL,
	"account_id" uuid,
	"added_at" timestamp with time zone NOT NULL,
	CONSTRAINT "job_funders_job_id_address_pk" PRIMARY KEY("job_id","address"),
	CONSTRAINT "job_funders_share" CHECK ("job_funders"."share_bps" between 0 and 10000)
);
--> statement-breakpoint
CREATE TABLE "epoch_stakes" (
	"chain_id" integer NOT NULL,
	"epoch_no" integer NOT NULL,
	"job_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"amount_micro" bigint NOT NULL,
	CONSTRAINT "epoch_stakes_chain_id_epoch_no_job_id_account_id_pk" PRIMARY KEY("chain_id","epoch_no","job_id","account_id")
);
--> statement-breakpoint
ALTER TABLE "job_funders" ADD CONSTRAINT "job_funders_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_funders" ADD CONSTRAINT "job_funders_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "job_funders_account" ON "job_funders" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "epoch_stakes_job" ON "epoch_stakes" USING btree ("job_id");