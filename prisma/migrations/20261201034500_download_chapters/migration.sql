-- AlterTable
ALTER TABLE "rendition" ADD COLUMN     "downloadChaptersAt" TIMESTAMP(3);
