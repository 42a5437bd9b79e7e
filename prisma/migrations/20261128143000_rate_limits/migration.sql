-- Responses of endpoints are no longer stored.
ALTER TABLE "webhook_attempt" DROP COLUMN "responseHead";

-- CreateTable
CREATE TABLE "rate_limit" (
    "ownerId" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "fullAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("ownerId","action")
);

-- AddForeignKey
ALTER TABLE "rate_limit" ADD CONSTRAINT "rate_limit_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
