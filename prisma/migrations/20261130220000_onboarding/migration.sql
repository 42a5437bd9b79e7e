-- AlterTable
ALTER TABLE "user" ADD COLUMN     "onboardingDismissedAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "worker_beat" ADD COLUMN     "speechModels" TEXT[];
