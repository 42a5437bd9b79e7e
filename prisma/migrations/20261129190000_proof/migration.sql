-- AlterTable
ALTER TABLE "video" ADD COLUMN "proof" JSONB;
