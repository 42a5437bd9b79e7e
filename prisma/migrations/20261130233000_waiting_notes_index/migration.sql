-- Notifications that are not mailed have no mail either: the search for those that wait for one passes them by.
-- DropIndex
DROP INDEX "mail_note_mailId_createdAt_idx";

-- CreateIndex
CREATE INDEX "mail_note_mailId_isForMail_createdAt_idx" ON "mail_note"("mailId", "isForMail", "createdAt");
