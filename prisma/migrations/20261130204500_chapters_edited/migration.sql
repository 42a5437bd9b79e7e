-- AlterTable
ALTER TABLE "video" ADD COLUMN "chaptersEditedAt" TIMESTAMP(3);
