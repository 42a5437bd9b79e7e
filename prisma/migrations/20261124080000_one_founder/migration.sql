-- AlterTable
ALTER TABLE "user" ADD COLUMN "isFounder" BOOLEAN;

-- CreateIndex
CREATE UNIQUE INDEX "user_isFounder_key" ON "user"("isFounder");
