-- AlterTable
ALTER TABLE "video" ADD COLUMN "indexedBytes" BIGINT;
