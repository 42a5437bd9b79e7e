-- AlterTable
ALTER TABLE "caption" ADD COLUMN     "cueCount" INTEGER NOT NULL DEFAULT 0;
