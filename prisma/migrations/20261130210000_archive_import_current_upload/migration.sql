-- AlterTable
ALTER TABLE "archive_import" ADD COLUMN "currentUploadId" TEXT;
