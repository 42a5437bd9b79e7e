-- CreateTable
CREATE TABLE "ended_push" (
    "id" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "endpointHash" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "endedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ended_push_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ended_push_endedAt_idx" ON "ended_push"("endedAt");

-- However a session ends: its subscription is deleted after it. One that is replaced or turned off still has its session.
CREATE FUNCTION keep_ended_push() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM session WHERE id = OLD."sessionId")
    OR NOT EXISTS (SELECT FROM "user" WHERE id = OLD."ownerId") THEN
    INSERT INTO ended_push (id, "ownerId", "endpointHash", secret)
    VALUES (OLD.id, OLD."ownerId", OLD."endpointHash", OLD.secret);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER push_subscription_ended AFTER DELETE ON "push_subscription" FOR EACH ROW EXECUTE FUNCTION keep_ended_push();
