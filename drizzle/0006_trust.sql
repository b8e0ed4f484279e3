CREATE TABLE "cluster_keys" (
	"key" text PRIMARY KEY NOT NULL,
	"cluster_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "device_trust" (
	"device_id" uuid PRIMARY KEY NOT NULL,
	"cluster_id" uuid NOT NULL,
	"stage" text DEFAULT 'active' NOT NULL,
	"age" integer DEFAULT 0 NOT NULL,
	"agreed" integer DEFAULT 0 NOT NULL,
	"strikes" smallint DEFAULT 0 NOT NULL,
	"watch_left" smallint DEFAULT 0 NOT NULL,
	"touched_at" timestamp with time zone NOT NULL,
	"justice_due_at" timestamp with time zone,
	"suspended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"job_id" uuid NOT NULL,
	"no" integer NOT NULL,
	"round" smallint NOT NULL,
	"assurance" text NOT NULL,
	"window_no" integer NOT NULL,
	"device_id" uuid NOT NULL,
	"cluster_id" uuid NOT NULL,
	"stratum" smallint NOT NULL,
	"rate" real NOT NULL,
	"lot" double precision NOT NULL,
	"check" text NOT NULL,
	"confirmed_by" uuid,
	"witnesses" smallint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "holds_job_id_no_round_pk" PRIMARY KEY("job_id","no","round")
);
--> statement-breakpoint
CREATE TABLE "job_downloads" (
	"job_id" uuid PRIMARY KEY NOT NULL,
	"last_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job_windows" (
	"job_id" uuid NOT NULL,
	"window_no" integer NOT NULL,
	"assurance" text NOT NULL,
	"shards" integer NOT NULL,
	"vested_at" timestamp with time zone,
	CONSTRAINT "job_windows_job_id_window_no_pk" PRIMARY KEY("job_id","window_no")
);
--> statement-breakpoint
CREATE TABLE "refutations" (
	"job_id" uuid NOT NULL,
	"no" integer NOT NULL,
	"round" smallint NOT NULL,
	"device_id" uuid NOT NULL,
	"cluster_id" uuid NOT NULL,
	"by_device" uuid NOT NULL,
	"digest" "bytea" NOT NULL,
	"assurance" text NOT NULL,
	"window_no" integer NOT NULL,
	"stratum" smallint NOT NULL,
	"rate" real NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone,
	CONSTRAINT "refutations_job_id_no_round_device_id_pk" PRIMARY KEY("job_id","no","round","device_id")
);
--> statement-breakpoint
CREATE TABLE "revocations" (
	"job_id" uuid NOT NULL,
	"no" integer NOT NULL,
	"round" smallint NOT NULL,
	"digest" "bytea",
	"decided_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "revocations_job_id_no_round_pk" PRIMARY KEY("job_id","no","round")
);
--> statement-breakpoint
CREATE TABLE "tainted_clusters" (
	"cluster_id" uuid PRIMARY KEY NOT NULL,
	"tainted_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trust_classes" (
	"assurance" text PRIMARY KEY NOT NULL,
	"open_window_no" integer DEFAULT 1 NOT NULL,
	"closed_window_no" integer DEFAULT 0 NOT NULL,
	"boosts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"boost_all" real DEFAULT 1 NOT NULL,
	"flood_wrong_share" real DEFAULT 0 NOT NULL,
	"is_flooded" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trust_windows" (
	"assurance" text NOT NULL,
	"no" integer NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"results" integer DEFAULT 0 NOT NULL,
	"secret" "bytea" NOT NULL,
	"swept_rates" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"swept_at" timestamp with time zone,
	CONSTRAINT "trust_windows_assurance_no_pk" PRIMARY KEY("assurance","no")
);
--> statement-breakpoint
ALTER TABLE "job_postings" DROP CONSTRAINT "job_postings_device_side";--> statement-breakpoint
DROP INDEX "wanted_open";--> statement-breakpoint
ALTER TABLE "grants" ADD COLUMN "cluster_id" uuid;--> statement-breakpoint
ALTER TABLE "grants" ADD COLUMN "unfolded_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "job_counters" ADD COLUMN "held" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "job_counters" ADD COLUMN "revoked" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "job_cursors" ADD COLUMN "vested_window_no" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "results" ADD COLUMN "cluster_id" uuid;--> statement-breakpoint
ALTER TABLE "results" ADD COLUMN "is_folded" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "results" ADD COLUMN "is_forfeited" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "shards" ADD COLUMN "window_no" integer;--> statement-breakpoint
ALTER TABLE "wanted" ADD COLUMN "lane" text DEFAULT 'any' NOT NULL;--> statement-breakpoint
ALTER TABLE "wanted" ADD COLUMN "priority" smallint DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE INDEX "cluster_keys_cluster" ON "cluster_keys" USING btree ("cluster_id");--> statement-breakpoint
CREATE INDEX "cluster_keys_expiry" ON "cluster_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "device_trust_cluster" ON "device_trust" USING btree ("cluster_id");--> statement-breakpoint
CREATE INDEX "device_trust_justice" ON "device_trust" USING btree ("justice_due_at") WHERE justice_due_at is not null;--> statement-breakpoint
CREATE INDEX "device_trust_established" ON "device_trust" USING btree ("agreed") WHERE stage = 'active' and agreed >= 20;--> statement-breakpoint
CREATE INDEX "holds_window" ON "holds" USING btree ("assurance","window_no","stratum","lot");--> statement-breakpoint
CREATE INDEX "holds_device" ON "holds" USING btree ("device_id");--> statement-breakpoint
CREATE INDEX "holds_confirmed_by" ON "holds" USING btree ("confirmed_by") WHERE confirmed_by is not null;--> statement-breakpoint
CREATE INDEX "job_windows_open" ON "job_windows" USING btree ("assurance","window_no") WHERE vested_at is null;--> statement-breakpoint
CREATE INDEX "refutations_window" ON "refutations" USING btree ("assurance","window_no");--> statement-breakpoint
CREATE INDEX "refutations_device" ON "refutations" USING btree ("device_id");--> statement-breakpoint
CREATE INDEX "refutations_by" ON "refutations" USING btree ("by_device","at");--> statement-breakpoint
CREATE INDEX "grants_cluster" ON "grants" USING btree ("job_id","cluster_id","from_no") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "grants_unfolded" ON "grants" USING btree ("unfolded_since") WHERE unfolded_since is not null;--> statement-breakpoint
CREATE INDEX "wanted_by_priority" ON "wanted" USING btree ("job_id","priority","created_at") WHERE taken_at is null;--> statement-breakpoint
ALTER TABLE "job_postings" ADD CONSTRAINT "job_postings_device_side" CHECK ((side in ('earned', 'pending')) = (device_id is not null));--> statement-breakpoint
update jobs set spec = jsonb_set(spec, '{verification,assurance}', '"instant"') where spec->'verification'->>'assurance' is null;
