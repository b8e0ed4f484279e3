CREATE TABLE "notice_settings" (
	"account_id" uuid NOT NULL,
	"topic" text NOT NULL,
	"feed" boolean NOT NULL,
	"push" boolean NOT NULL,
	CONSTRAINT "notice_settings_account_id_topic_pk" PRIMARY KEY("account_id","topic")
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"account_id" uuid NOT NULL,
	"event" text NOT NULL,
	"no" bigserial NOT NULL,
	"kind" text NOT NULL,
	"job_id" uuid NOT NULL,
	"is_own" boolean NOT NULL,
	"reason" jsonb,
	"params" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone,
	CONSTRAINT "notices_account_id_event_pk" PRIMARY KEY("account_id","event"),
	CONSTRAINT "notices_no_unique" UNIQUE("no")
);
--> statement-breakpoint
ALTER TABLE "notice_settings" ADD CONSTRAINT "notice_settings_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notices_feed" ON "notices" USING btree ("account_id","no");--> statement-breakpoint
CREATE INDEX "notices_unread" ON "notices" USING btree ("account_id") WHERE read_at is null;--> statement-breakpoint
CREATE INDEX "notices_job" ON "notices" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "notices_at" ON "notices" USING btree ("at");--> statement-breakpoint
CREATE INDEX "accounts_lower_address" ON "accounts" USING btree (lower("address"));