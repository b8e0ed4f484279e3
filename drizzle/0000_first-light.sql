CREATE TABLE "account_postings" (
	"account_id" uuid NOT NULL,
	"ref" text NOT NULL,
	"side" text NOT NULL,
	"amount_micro" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "account_postings_account_id_ref_side_pk" PRIMARY KEY("account_id","ref","side"),
	CONSTRAINT "account_postings_ref" UNIQUE("ref","side"),
	CONSTRAINT "account_postings_not_zero" CHECK (amount_micro <> 0)
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"address" text NOT NULL,
	"roles" text[] DEFAULT '{}' NOT NULL,
	"sessions_valid_from" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_address_unique" UNIQUE("address")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"name" text NOT NULL,
	"hint" text NOT NULL,
	"secret_hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_secret_hash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
CREATE TABLE "artifact_owners" (
	"sha256" text NOT NULL,
	"account_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "artifact_owners_account_id_sha256_pk" PRIMARY KEY("account_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"sha256" text PRIMARY KEY NOT NULL,
	"bytes" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "challenges" (
	"nonce" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "devices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"thumbprint" text NOT NULL,
	"public_key" jsonb NOT NULL,
	"account_id" uuid,
	"kind" text NOT NULL,
	"trusted" boolean DEFAULT false NOT NULL,
	"trusted_by" uuid,
	"cores" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "devices_thumbprint_unique" UNIQUE("thumbprint")
);
--> statement-breakpoint
CREATE TABLE "enrolments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"code_hash" text NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_by_device" uuid,
	"used_at" timestamp with time zone,
	CONSTRAINT "enrolments_code_hash_unique" UNIQUE("code_hash")
);
--> statement-breakpoint
CREATE TABLE "device_exchanges" (
	"device_id" uuid PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"job_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"device_id" uuid NOT NULL,
	"voter_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"from_no" integer NOT NULL,
	"to_no" integer NOT NULL,
	"round" smallint DEFAULT 0 NOT NULL,
	"attempt" smallint DEFAULT 0 NOT NULL,
	"state" text NOT NULL,
	"reported" integer DEFAULT 0 NOT NULL,
	"uploads" integer DEFAULT 0 NOT NULL,
	"granted_at" timestamp with time zone NOT NULL,
	"deadline_at" timestamp with time zone NOT NULL,
	"hard_cap_at" timestamp with time zone NOT NULL,
	"untallied_since" timestamp with time zone,
	CONSTRAINT "grants_job_id_id_pk" PRIMARY KEY("job_id","id"),
	CONSTRAINT "grants_range" CHECK (from_no >= 0 and to_no > from_no)
);
--> statement-breakpoint
CREATE TABLE "job_artifacts" (
	"job_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"part" text NOT NULL,
	CONSTRAINT "job_artifacts_job_id_sha256_part_pk" PRIMARY KEY("job_id","sha256","part")
);
--> statement-breakpoint
CREATE TABLE "job_counters" (
	"job_id" uuid NOT NULL,
	"stripe" smallint NOT NULL,
	"accepted" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"replicas" integer DEFAULT 0 NOT NULL,
	"wrong" integer DEFAULT 0 NOT NULL,
	"duration_ms" bigint DEFAULT 0 NOT NULL,
	"output_bytes" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "job_counters_job_id_stripe_pk" PRIMARY KEY("job_id","stripe")
);
--> statement-breakpoint
CREATE TABLE "job_cursors" (
	"job_id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"shard_count" integer NOT NULL,
	"heads" integer[] NOT NULL,
	"budget_micro" bigint NOT NULL,
	"committed_micro" bigint DEFAULT 0 NOT NULL,
	"cost_micro" bigint NOT NULL,
	"moved_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "job_cursors_within_budget" CHECK ("job_cursors"."committed_micro" >= 0 and "job_cursors"."committed_micro" <= "job_cursors"."budget_micro")
);
--> statement-breakpoint
CREATE TABLE "job_postings" (
	"job_id" uuid NOT NULL,
	"ref" text NOT NULL,
	"line" smallint NOT NULL,
	"side" text NOT NULL,
	"device_id" uuid,
	"amount_micro" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "job_postings_job_id_ref_line_pk" PRIMARY KEY("job_id","ref","line"),
	CONSTRAINT "job_postings_not_zero" CHECK (amount_micro <> 0),
	CONSTRAINT "job_postings_device_side" CHECK ((side = 'earned') = (device_id is not null))
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"name" text NOT NULL,
	"spec" jsonb NOT NULL,
	"state" text NOT NULL,
	"reason" jsonb,
	"shard_count" integer NOT NULL,
	"index_sha256" text,
	"price_micro" bigint NOT NULL,
	"fee_bps" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	"closed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "results" (
	"job_id" uuid NOT NULL,
	"shard_no" integer NOT NULL,
	"round" smallint DEFAULT 0 NOT NULL,
	"voter_id" uuid NOT NULL,
	"device_id" uuid NOT NULL,
	"grant_id" uuid NOT NULL,
	"outcome" text NOT NULL,
	"digest" "bytea" NOT NULL,
	"output" "bytea",
	"output_bytes" integer NOT NULL,
	"exit_code" integer,
	"trap" text,
	"stderr" text,
	"duration_ms" integer NOT NULL,
	"reported_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"agreed" text,
	CONSTRAINT "results_job_id_shard_no_round_voter_id_pk" PRIMARY KEY("job_id","shard_no","round","voter_id")
);
--> statement-breakpoint
CREATE TABLE "shards" (
	"job_id" uuid NOT NULL,
	"no" integer NOT NULL,
	"round" smallint DEFAULT 0 NOT NULL,
	"verdict" text NOT NULL,
	"reason" text,
	"outcome" text,
	"digest" "bytea",
	"output" "bytea",
	"output_bytes" integer DEFAULT 0 NOT NULL,
	"decided_at" timestamp with time zone NOT NULL,
	CONSTRAINT "shards_job_id_no_pk" PRIMARY KEY("job_id","no")
);
--> statement-breakpoint
CREATE TABLE "wanted" (
	"job_id" uuid NOT NULL,
	"from_no" integer NOT NULL,
	"to_no" integer NOT NULL,
	"round" smallint DEFAULT 0 NOT NULL,
	"kind" text NOT NULL,
	"ordinal" text NOT NULL,
	"attempt" smallint DEFAULT 0 NOT NULL,
	"excluded" uuid[] NOT NULL,
	"excluded_until" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"taken_at" timestamp with time zone,
	CONSTRAINT "wanted_job_id_from_no_round_kind_ordinal_pk" PRIMARY KEY("job_id","from_no","round","kind","ordinal")
);
--> statement-breakpoint
ALTER TABLE "account_postings" ADD CONSTRAINT "account_postings_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "artifact_owners" ADD CONSTRAINT "artifact_owners_sha256_artifacts_sha256_fk" FOREIGN KEY ("sha256") REFERENCES "public"."artifacts"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "artifact_owners" ADD CONSTRAINT "artifact_owners_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_trusted_by_accounts_id_fk" FOREIGN KEY ("trusted_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_created_by_accounts_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_used_by_device_devices_id_fk" FOREIGN KEY ("used_by_device") REFERENCES "public"."devices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_artifacts" ADD CONSTRAINT "job_artifacts_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_account" ON "api_keys" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "challenges_expiry" ON "challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "devices_seen" ON "devices" USING btree ("last_seen_at");--> statement-breakpoint
CREATE INDEX "devices_revoked" ON "devices" USING btree ("revoked_at") WHERE revoked_at is not null;--> statement-breakpoint
CREATE INDEX "grants_voter" ON "grants" USING btree ("job_id","voter_id","from_no") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "grants_device_open" ON "grants" USING btree ("device_id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "grants_deadline" ON "grants" USING btree ("deadline_at") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "grants_untallied" ON "grants" USING btree ("untallied_since") WHERE untallied_since is not null;--> statement-breakpoint
CREATE INDEX "job_artifacts_sha256" ON "job_artifacts" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "job_postings_device" ON "job_postings" USING btree ("device_id") WHERE device_id is not null;--> statement-breakpoint
CREATE INDEX "jobs_account" ON "jobs" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "jobs_unclosed" ON "jobs" USING btree ("state") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "shards_failed" ON "shards" USING btree ("job_id","no") WHERE verdict = 'failed';--> statement-breakpoint
CREATE INDEX "wanted_open" ON "wanted" USING btree ("job_id","created_at") WHERE taken_at is null;