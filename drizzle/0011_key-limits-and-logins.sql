CREATE TABLE "key_spends" (
	"key_id" uuid NOT NULL,
	"job_id" uuid NOT NULL,
	"amount_micro" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "key_spends_key_id_job_id_pk" PRIMARY KEY("key_id","job_id")
);
--> statement-breakpoint
CREATE TABLE "login_misses" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"since" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "logins" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"secret_hash" text NOT NULL,
	"client" text NOT NULL,
	"scopes" text[] NOT NULL,
	"expires_in_days" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"decision" text,
	"account_id" uuid,
	"spend_day_micro" bigint,
	CONSTRAINT "logins_secret_hash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "spend_day_micro" bigint;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "spend_total_micro" bigint;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "job_id" uuid;--> statement-breakpoint
ALTER TABLE "key_spends" ADD CONSTRAINT "key_spends_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "login_misses" ADD CONSTRAINT "login_misses_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "logins" ADD CONSTRAINT "logins_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "logins_expiry" ON "logins" USING btree ("expires_at");