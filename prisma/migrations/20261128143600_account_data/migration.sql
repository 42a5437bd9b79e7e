-- AlterTable
ALTER TABLE "user" ADD COLUMN     "deletionRequestedAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "account_export" (
    "id" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "taskId" UUID,
    "sizeBytes" BIGINT,
    "expiresAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_export_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_export_taskId_key" ON "account_export"("taskId");

-- CreateIndex
CREATE INDEX "account_export_ownerId_idx" ON "account_export"("ownerId");

-- AddForeignKey
ALTER TABLE "account_export" ADD CONSTRAINT "account_export_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_export" ADD CONSTRAINT "account_export_taskId_fkey" FOREIGN KEY ("taskId") REFERENCES "task"("id") ON DELETE SET NULL ON UPDATE CASCADE;
