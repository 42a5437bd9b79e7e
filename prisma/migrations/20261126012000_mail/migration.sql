-- CreateEnum
CREATE TYPE "MailState" AS ENUM ('waiting', 'sending', 'sent', 'failed', 'ambiguous', 'suppressed', 'canceled');

-- CreateEnum
CREATE TYPE "MailGathering" AS ENUM ('soon', 'daily');

-- CreateTable
CREATE TABLE "mail" (
    "id" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "eventKey" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "subject" TEXT NOT NULL,
    "messageId" TEXT NOT NULL,
    "state" "MailState" NOT NULL DEFAULT 'waiting',
    "taskId" UUID,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "claimedAt" TIMESTAMP(3),
    "sentAt" TIMESTAMP(3),
    "response" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mail_note" (
    "id" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "eventKey" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "href" TEXT NOT NULL,
    "detail" TEXT,
    "mailId" UUID,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mail_note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification_settings" (
    "ownerId" TEXT NOT NULL,
    "muted" TEXT[],
    "gathering" "MailGathering" NOT NULL DEFAULT 'soon',

    CONSTRAINT "notification_settings_pkey" PRIMARY KEY ("ownerId")
);

-- CreateTable
CREATE TABLE "mail_bounce" (
    "address" TEXT NOT NULL,
    "response" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mail_bounce_pkey" PRIMARY KEY ("address")
);

-- CreateTable
CREATE TABLE "mail_pace" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "nextAt" TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "downSince" TIMESTAMP(3),
    "problem" TEXT,

    CONSTRAINT "mail_pace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_mail" (
    "messageId" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "keptAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_mail_pkey" PRIMARY KEY ("messageId")
);

-- CreateIndex
CREATE UNIQUE INDEX "mail_messageId_key" ON "mail"("messageId");

-- CreateIndex
CREATE INDEX "mail_state_createdAt_idx" ON "mail"("state", "createdAt" DESC);

-- CreateIndex
CREATE INDEX "mail_createdAt_idx" ON "mail"("createdAt" DESC);

-- CreateIndex
CREATE INDEX "mail_ownerId_idx" ON "mail"("ownerId");

-- CreateIndex
CREATE UNIQUE INDEX "mail_eventKey_recipient_key" ON "mail"("eventKey", "recipient");

-- CreateIndex
CREATE UNIQUE INDEX "mail_note_eventKey_key" ON "mail_note"("eventKey");

-- CreateIndex
CREATE INDEX "mail_note_ownerId_createdAt_idx" ON "mail_note"("ownerId", "createdAt");

-- CreateIndex
CREATE INDEX "mail_note_mailId_createdAt_idx" ON "mail_note"("mailId", "createdAt");

-- CreateIndex
CREATE INDEX "outbox_mail_keptAt_idx" ON "outbox_mail"("keptAt");

-- AddForeignKey
ALTER TABLE "mail" ADD CONSTRAINT "mail_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail_note" ADD CONSTRAINT "mail_note_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification_settings" ADD CONSTRAINT "notification_settings_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

INSERT INTO "mail_pace" ("id") VALUES (1);

-- Whoever has an account by now was let in without a confirmed address, and is not locked out for it later.
UPDATE "user" SET "emailVerified" = true;
