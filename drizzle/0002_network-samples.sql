CREATE TABLE "network_samples" (
	"at" timestamp with time zone PRIMARY KEY NOT NULL,
	"accepted" bigint NOT NULL,
	"failed" bigint NOT NULL,
	"replicas" bigint NOT NULL,
	"wrong" bigint NOT NULL,
	"devices" integer NOT NULL
);
