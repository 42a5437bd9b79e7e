-- AlterTable
ALTER TABLE "video_import" ADD COLUMN "language" TEXT;
