-- AlterTable
ALTER TABLE "user" ADD COLUMN     "canForwardPorts" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "canUseInternet" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "canUseMachines" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "canUseWebhooks" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "disabledAt" TIMESTAMP(3),
ADD COLUMN     "machineQuotaCount" INTEGER,
ADD COLUMN     "machineQuotaCpus" INTEGER,
ADD COLUMN     "machineQuotaDiskMiB" INTEGER,
ADD COLUMN     "machineQuotaMemoryMiB" INTEGER,
ADD COLUMN     "storageQuotaBytes" BIGINT;

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "acceptedAt" TIMESTAMP(3),
    "createdById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "invitation_tokenHash_key" ON "invitation"("tokenHash");

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;
