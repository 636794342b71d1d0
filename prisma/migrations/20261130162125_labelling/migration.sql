-- AlterTable
ALTER TABLE "classification" ADD COLUMN     "current" BOOLEAN NOT NULL DEFAULT true;

-- AlterTable
ALTER TABLE "model_version" ADD COLUMN     "active" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "folder" TEXT,
ADD COLUMN     "replacedId" TEXT,
ADD COLUMN     "report" JSONB;

-- CreateTable
CREATE TABLE "training_job" (
    "id" TEXT NOT NULL,
    "userId" TEXT,
    "task" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" "JobStatus" NOT NULL DEFAULT 'queued',
    "stage" TEXT NOT NULL DEFAULT 'waiting',
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "modelId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMP(3),
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "training_job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "custom_label" (
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "custom_label_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "training_job_status_createdAt_idx" ON "training_job"("status", "createdAt");

-- CreateIndex
CREATE INDEX "training_job_userId_idx" ON "training_job"("userId");

-- CreateIndex
CREATE INDEX "classification_model_idx" ON "classification"("model");

-- AddForeignKey
ALTER TABLE "training_job" ADD CONSTRAINT "training_job_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;
