// Linux divides CPU time between sessions first (autogroups, sched(7)); niceness ranks only the processes of one
// session. Where autogroups are enabled, the niceness of the session is set too (decision 0013).
const SET_NICENESS_SCRIPT = '{ echo "$0" >/proc/self/autogroup; } 2>/dev/null; exec nice -n "$0" "$@"'

/**
 * Command prefix that runs a program at `niceness`, 0 to 19. Start it in its own session (`detached`): the niceness
 * applies to the whole session.
 */
export const nicenessArgs = (niceness: number) => ['sh', '-c', SET_NICENESS_SCRIPT, String(niceness)]

/**
 * Niceness by kind of work; web requests run at 0, so that neither guests nor background work starve them. Under full
 * load each level gets 80 % of the CPU time of the next lower niceness. Between services, the units and the Compose file
 * set cgroup weights instead.
 */
export const NICENESS = {
  machine: 3,
  media: 4,
  transcription: 6,
  /** Templates and spare machines built ahead of demand. */
  prewarm: 10,
}
