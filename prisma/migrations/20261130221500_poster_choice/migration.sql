-- CreateEnum
CREATE TYPE "PosterSource" AS ENUM ('automatic', 'frame', 'picture');

-- AlterTable
ALTER TABLE "video" ADD COLUMN "posterSource" "PosterSource" NOT NULL DEFAULT 'automatic',
  ADD COLUMN "posterTaskId" UUID;
