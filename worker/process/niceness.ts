// Linux shares the processor between sessions first (the scheduler's autogroups, sched(7)): niceness alone only
// tells the processes of one session apart. Where a file says so the whole session steps back; elsewhere
// (in a container, under systemd) niceness is enough.
const SET_NICENESS_SCRIPT = '{ echo "$0" >/proc/self/autogroup; } 2>/dev/null; exec nice -n "$0" "$@"'

/**
 * Before a command that lets others go first, from 0 to 19. It has to be started in a session of its own
 * (`detached`), or it takes those with it that it shares one with.
 */
export const nicenessArgs = (niceness: number) => ['sh', '-c', SET_NICENESS_SCRIPT, String(niceness)]

/**
 * Who steps back how far from pages and orders, which are at 0. Where all want more than there is, each gets half
 * of the one before it, or less.
 */
export const NICENESS = {
  /** What makes a video watchable. */
  media: 2,
  /** What listens to it. */
  listening: 5,
  /** What is made ahead, for orders to come. */
  ahead: 10,
}
