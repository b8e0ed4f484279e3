CREATE TABLE "budget_releases" (
	"chain_id" integer NOT NULL,
	"key" text NOT NULL,
	"nonce" integer NOT NULL,
	"account_id" uuid NOT NULL,
	"to_address" text NOT NULL,
	"amount_micro" bigint NOT NULL,
	"deadline" timestamp with time zone NOT NULL,
	"signature" text NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "budget_releases_chain_id_key_nonce_deadline_pk" PRIMARY KEY("chain_id","key","nonce","deadline")
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"chain_id" integer NOT NULL,
	"key" text NOT NULL,
	"account_id" uuid NOT NULL,
	"budget_id" text NOT NULL,
	"balance_micro" bigint NOT NULL,
	"epoch_cap_micro" bigint NOT NULL,
	"withdraw_at" timestamp with time zone,
	"releases" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "budgets_chain_id_key_pk" PRIMARY KEY("chain_id","key"),
	CONSTRAINT "budgets_not_negative" CHECK ("budgets"."balance_micro" >= 0)
);
--> statement-breakpoint
CREATE TABLE "chain_events" (
	"chain_id" integer NOT NULL,
	"block_hash" text NOT NULL,
	"log_index" integer NOT NULL,
	"block_number" bigint NOT NULL,
	"tx_hash" text NOT NULL,
	"name" text NOT NULL,
	"args" jsonb NOT NULL,
	"is_confirmed" boolean NOT NULL,
	"block_at" timestamp with time zone NOT NULL,
	CONSTRAINT "chain_events_chain_id_block_hash_log_index_pk" PRIMARY KEY("chain_id","block_hash","log_index")
);
--> statement-breakpoint
CREATE TABLE "epoch_debits" (
	"chain_id" integer NOT NULL,
	"epoch_no" integer NOT NULL,
	"key" text NOT NULL,
	"account_id" uuid NOT NULL,
	"amount_micro" bigint NOT NULL,
	CONSTRAINT "epoch_debits_chain_id_epoch_no_key_account_id_pk" PRIMARY KEY("chain_id","epoch_no","key","account_id")
);
--> statement-breakpoint
CREATE TABLE "epoch_jobs" (
	"chain_id" integer NOT NULL,
	"epoch_no" integer NOT NULL,
	"job_id" uuid NOT NULL,
	"net_micro" bigint NOT NULL,
	"fee_micro" bigint NOT NULL,
	"groups" integer NOT NULL,
	CONSTRAINT "epoch_jobs_chain_id_epoch_no_job_id_pk" PRIMARY KEY("chain_id","epoch_no","job_id")
);
--> statement-breakpoint
CREATE TABLE "epochs" (
	"chain_id" integer NOT NULL,
	"no" integer NOT NULL,
	"state" text NOT NULL,
	"cut_at" timestamp with time zone NOT NULL,
	"net_micro" bigint NOT NULL,
	"fee_micro" bigint NOT NULL,
	"total_micro" bigint,
	"leaf_count" integer,
	"leaves_sha256" text,
	"nodes_sha256" text,
	"root" text,
	"file_sha256" text,
	"raw_tx" text,
	"tx_hash" text,
	"tx_sent_at" timestamp with time zone,
	"chain_no" integer,
	"proposed_at" timestamp with time zone,
	"finalizable_at" timestamp with time zone,
	"proposed_tx" text,
	"ended_at" timestamp with time zone,
	"ended_tx" text,
	CONSTRAINT "epochs_chain_id_no_pk" PRIMARY KEY("chain_id","no")
);
--> statement-breakpoint
CREATE TABLE "pools" (
	"chain_id" integer PRIMARY KEY NOT NULL,
	"escrow" text NOT NULL,
	"distributor" text NOT NULL,
	"token" text NOT NULL,
	"token_name" text NOT NULL,
	"token_symbol" text NOT NULL,
	"token_version" text,
	"fee_bps" integer NOT NULL,
	"min_interval_s" integer NOT NULL,
	"challenge_s" integer NOT NULL,
	"withdraw_delay_s" integer NOT NULL,
	"next_block" bigint NOT NULL,
	"last_hash" text,
	"rescanned_to" bigint NOT NULL,
	"head" bigint DEFAULT 0 NOT NULL,
	"followed_at" timestamp with time zone,
	"frozen" text
);
--> statement-breakpoint
CREATE TABLE "posting_sums" (
	"holder_id" uuid NOT NULL,
	"side" text NOT NULL,
	"amount_micro" bigint NOT NULL,
	"through" "xid8" NOT NULL,
	"cluster" text NOT NULL,
	CONSTRAINT "posting_sums_holder_id_side_pk" PRIMARY KEY("holder_id","side")
);
--> statement-breakpoint
CREATE TABLE "settled_jobs" (
	"job_id" uuid PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "account_postings" DROP CONSTRAINT "account_postings_ref";--> statement-breakpoint
DROP INDEX "job_postings_device";--> statement-breakpoint
ALTER TABLE "account_postings" ADD COLUMN "written" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "devices" ADD COLUMN "linked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "devices" ADD COLUMN "unlinked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "devices" ADD COLUMN "closed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "job_postings" ADD COLUMN "written" "xid8" DEFAULT pg_current_xact_id() NOT NULL;--> statement-breakpoint
ALTER TABLE "budgets" ADD CONSTRAINT "budgets_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "budget_releases_open" ON "budget_releases" USING btree ("deadline") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "budgets_account" ON "budgets" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "chain_events_block" ON "chain_events" USING btree ("chain_id","block_number","log_index");--> statement-breakpoint
CREATE INDEX "account_postings_ref" ON "account_postings" USING btree ("ref");--> statement-breakpoint
CREATE INDEX "account_postings_written" ON "account_postings" USING btree ("account_id","written");--> statement-breakpoint
CREATE INDEX "account_postings_created" ON "account_postings" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "devices_account" ON "devices" USING btree ("account_id") WHERE account_id is not null;--> statement-breakpoint
CREATE INDEX "job_postings_device_created" ON "job_postings" USING btree ("device_id","created_at") WHERE device_id is not null;--> statement-breakpoint
CREATE INDEX "job_postings_device_written" ON "job_postings" USING btree ("device_id","written") WHERE device_id is not null;