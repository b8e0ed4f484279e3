CREATE TABLE "pool_devices" (
	"pool_id" uuid NOT NULL,
	"device_id" uuid NOT NULL,
	"joined_at" timestamp with time zone NOT NULL,
	CONSTRAINT "pool_devices_device_id_pool_id_pk" PRIMARY KEY("device_id","pool_id")
);
--> statement-breakpoint
CREATE TABLE "pool_invites" (
	"id" uuid PRIMARY KEY NOT NULL,
	"pool_id" uuid NOT NULL,
	"hint" text NOT NULL,
	"code_hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "pool_invites_code_hash_unique" UNIQUE("code_hash")
);
--> statement-breakpoint
CREATE TABLE "pool_members" (
	"pool_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"role" text NOT NULL,
	"joined_at" timestamp with time zone NOT NULL,
	CONSTRAINT "pool_members_pool_id_account_id_pk" PRIMARY KEY("pool_id","account_id")
);
--> statement-breakpoint
CREATE TABLE "private_pools" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "pool_devices" ADD CONSTRAINT "pool_devices_pool_id_private_pools_id_fk" FOREIGN KEY ("pool_id") REFERENCES "public"."private_pools"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pool_devices" ADD CONSTRAINT "pool_devices_device_id_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."devices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pool_invites" ADD CONSTRAINT "pool_invites_pool_id_private_pools_id_fk" FOREIGN KEY ("pool_id") REFERENCES "public"."private_pools"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pool_members" ADD CONSTRAINT "pool_members_pool_id_private_pools_id_fk" FOREIGN KEY ("pool_id") REFERENCES "public"."private_pools"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pool_members" ADD CONSTRAINT "pool_members_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "pool_devices_pool" ON "pool_devices" USING btree ("pool_id");--> statement-breakpoint
CREATE INDEX "pool_invites_pool" ON "pool_invites" USING btree ("pool_id");--> statement-breakpoint
CREATE INDEX "pool_members_account" ON "pool_members" USING btree ("account_id");