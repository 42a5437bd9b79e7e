-- AddCheckConstraint: a link is to either a video or a machine.
ALTER TABLE "share" ADD CONSTRAINT "share_target_check" CHECK (num_nonnulls("videoId", "machineId") = 1);
