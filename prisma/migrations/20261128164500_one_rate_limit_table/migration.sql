-- Limits of users are counted in attempt_limit, as all others.
DROP TABLE "rate_limit";
