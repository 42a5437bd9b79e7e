-- AlterTable
ALTER TABLE "video" ADD COLUMN     "encoder" TEXT;

-- AlterTable
ALTER TABLE "worker_beat" ADD COLUMN     "encoderProblem" TEXT,
ADD COLUMN     "videoEncoder" TEXT;
