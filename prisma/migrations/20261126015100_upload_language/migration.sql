-- AlterTable
ALTER TABLE "upload" ADD COLUMN     "language" TEXT;
