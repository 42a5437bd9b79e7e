-- The language of pages, mails and notifications. Null until the user's next sign-in.
ALTER TABLE "user" ADD COLUMN "locale" TEXT;
