-- CreateEnum
CREATE TYPE "TrackKind" AS ENUM ('score', 'audio');

-- CreateEnum
CREATE TYPE "TrackSource" AS ENUM ('catalogue', 'generated', 'upload');

-- CreateEnum
CREATE TYPE "RatingKind" AS ENUM ('stars', 'skip', 'dislike', 'more');

-- CreateEnum
CREATE TYPE "JobStatus" AS ENUM ('queued', 'running', 'done', 'failed', 'cancelled');

-- CreateTable
CREATE TABLE "track" (
    "id" TEXT NOT NULL,
    "ownerId" TEXT,
    "catalogueKey" TEXT,
    "title" TEXT NOT NULL,
    "kind" "TrackKind" NOT NULL,
    "source" "TrackSource" NOT NULL,
    "style" TEXT,
    "seconds" DOUBLE PRECISION NOT NULL,
    "tempo" DOUBLE PRECISION,
    "meter" TEXT,
    "tonic" INTEGER,
    "mode" TEXT,
    "instruments" INTEGER[],
    "styleSpace" TEXT,
    "styleVector" JSONB,
    "thumbnail" JSONB NOT NULL,
    "provenance" JSONB,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "track_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "asset" (
    "id" TEXT NOT NULL,
    "trackId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "mime" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "asset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rating" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "trackId" TEXT NOT NULL,
    "kind" "RatingKind" NOT NULL,
    "stars" INTEGER,
    "previousKind" "RatingKind",
    "previousStars" INTEGER,
    "ratedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rating_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "play" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "trackId" TEXT NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,
    "completed" BOOLEAN NOT NULL,
    "playedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "play_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "steering" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "feature" TEXT,
    "direction" TEXT,
    "label" TEXT NOT NULL,
    "trackId" TEXT,
    "action" TEXT NOT NULL,
    "presses" INTEGER NOT NULL DEFAULT 1,
    "steeredAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "steering_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "taste_correction" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "dimension" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "correctedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "taste_correction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "taste_snapshot" (
    "userId" TEXT NOT NULL,
    "space" TEXT NOT NULL,
    "ratings" INTEGER NOT NULL,
    "state" JSONB NOT NULL,
    "computedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "taste_snapshot_pkey" PRIMARY KEY ("userId")
);

-- CreateTable
CREATE TABLE "generation_job" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "status" "JobStatus" NOT NULL DEFAULT 'queued',
    "mode" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "seed" BIGINT NOT NULL,
    "bars" INTEGER NOT NULL,
    "stage" TEXT NOT NULL DEFAULT 'waiting',
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "trackId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMP(3),
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "generation_job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "classification" (
    "id" TEXT NOT NULL,
    "trackId" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "label" TEXT,
    "confidence" DOUBLE PRECISION NOT NULL,
    "probabilities" JSONB NOT NULL,
    "classifiedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "classification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "correction" (
    "trackId" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "userId" TEXT,
    "correctedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "correction_pkey" PRIMARY KEY ("trackId")
);

-- CreateTable
CREATE TABLE "model_version" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "available" BOOLEAN NOT NULL,
    "info" JSONB NOT NULL,
    "since" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "isAnonymous" BOOLEAN DEFAULT false,
    "role" TEXT,
    "banned" BOOLEAN DEFAULT false,
    "banReason" TEXT,
    "banExpires" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "token" TEXT NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "userId" TEXT NOT NULL,
    "impersonatedBy" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" TIMESTAMP(3),
    "refreshTokenExpiresAt" TIMESTAMP(3),
    "scope" TEXT,
    "password" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "track_catalogueKey_key" ON "track"("catalogueKey");

-- CreateIndex
CREATE INDEX "track_ownerId_createdAt_idx" ON "track"("ownerId", "createdAt");

-- CreateIndex
CREATE INDEX "track_createdAt_id_idx" ON "track"("createdAt", "id");

-- CreateIndex
CREATE INDEX "track_style_idx" ON "track"("style");

-- CreateIndex
CREATE UNIQUE INDEX "asset_path_key" ON "asset"("path");

-- CreateIndex
CREATE UNIQUE INDEX "asset_trackId_kind_key" ON "asset"("trackId", "kind");

-- CreateIndex
CREATE INDEX "rating_userId_ratedAt_idx" ON "rating"("userId", "ratedAt");

-- CreateIndex
CREATE INDEX "rating_trackId_idx" ON "rating"("trackId");

-- CreateIndex
CREATE UNIQUE INDEX "rating_userId_trackId_key" ON "rating"("userId", "trackId");

-- CreateIndex
CREATE INDEX "play_userId_playedAt_idx" ON "play"("userId", "playedAt");

-- CreateIndex
CREATE INDEX "play_trackId_idx" ON "play"("trackId");

-- CreateIndex
CREATE INDEX "steering_trackId_idx" ON "steering"("trackId");

-- CreateIndex
CREATE UNIQUE INDEX "steering_userId_key_key" ON "steering"("userId", "key");

-- CreateIndex
CREATE UNIQUE INDEX "taste_correction_userId_dimension_key" ON "taste_correction"("userId", "dimension");

-- CreateIndex
CREATE INDEX "generation_job_status_createdAt_idx" ON "generation_job"("status", "createdAt");

-- CreateIndex
CREATE INDEX "generation_job_userId_createdAt_idx" ON "generation_job"("userId", "createdAt");

-- CreateIndex
CREATE INDEX "generation_job_trackId_idx" ON "generation_job"("trackId");

-- CreateIndex
CREATE INDEX "classification_label_confidence_idx" ON "classification"("label", "confidence");

-- CreateIndex
CREATE UNIQUE INDEX "classification_trackId_model_key" ON "classification"("trackId", "model");

-- CreateIndex
CREATE INDEX "correction_userId_idx" ON "correction"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "model_version_kind_version_key" ON "model_version"("kind", "version");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_userId_idx" ON "session"("userId");

-- CreateIndex
CREATE INDEX "account_userId_idx" ON "account"("userId");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- AddForeignKey
ALTER TABLE "track" ADD CONSTRAINT "track_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "asset" ADD CONSTRAINT "asset_trackId_fkey" FOREIGN KEY ("trackId") REFERENCES "track"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rating" ADD CONSTRAINT "rating_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rating" ADD CONSTRAINT "rating_trackId_fkey" FOREIGN KEY ("trackId") REFERENCES "track"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "play" ADD CONSTRAINT "play_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "play" ADD CONSTRAINT "play_trackId_fkey" FOREIGN KEY ("trackId") REFERENCES "track"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "steering" ADD CONSTRAINT "steering_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "steering" ADD CONSTRAINT "steering_trackId_fkey" FOREIGN KEY ("trackId") REFERENCES "track"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "taste_correction" ADD CONSTRAINT "taste_correction_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "taste_snapshot" ADD CONSTRAINT "taste_snapshot_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "generation_job" ADD CONSTRAINT "generation_job_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "generation_job" ADD CONSTRAINT "generation_job_trackId_fkey" FOREIGN KEY ("trackId") REFERENCES "track"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "classification" ADD CONSTRAINT "classification_trackId_fkey" FOREIGN KEY ("trackId") REFERENCES "track"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "correction" ADD CONSTRAINT "correction_trackId_fkey" FOREIGN KEY ("trackId") REFERENCES "track"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "correction" ADD CONSTRAINT "correction_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Written by hand: what the Prisma schema cannot say.
ALTER TABLE "rating" ADD CONSTRAINT "rating_stars_check" CHECK (("kind" = 'stars') = ("stars" IS NOT NULL) AND ("stars" IS NULL OR "stars" BETWEEN 1 AND 5));
ALTER TABLE "track" ADD CONSTRAINT "track_owner_check" CHECK (("source" = 'catalogue') = ("ownerId" IS NULL));
ALTER TABLE "asset" ADD CONSTRAINT "asset_bytes_check" CHECK ("bytes" >= 0);
ALTER TABLE "taste_correction" ADD CONSTRAINT "taste_correction_value_check" CHECK ("value" BETWEEN -1 AND 1);
