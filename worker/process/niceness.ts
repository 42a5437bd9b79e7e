import { type CgroupName, cgroupProcsFile } from './cgroups'

// Linux divides CPU time between sessions first (autogroups, sched(7)); niceness ranks only the processes of one
// session. Where autogroups are enabled, the niceness of the session is set too (decision 0013). A program joins its
// cgroup before it runs, so none of its processes can stay outside (decision 0061).
const SET_PRIORITY_SCRIPT =
  '{ echo "$0" >/proc/self/autogroup; echo $$ >"$1"; } 2>/dev/null; shift; exec nice -n "$0" "$@"'

/**
 * Command prefix that runs a program at `niceness`, 0 to 19, and in its cgroup where `createCgroups` created one. Start it
 * in its own session (`detached`): the niceness applies to the whole session.
 */
export const nicenessArgs = (niceness: number, group: CgroupName = 'background') => [
  'sh',
  '-c',
  SET_PRIORITY_SCRIPT,
  String(niceness),
  cgroupProcsFile(group),
]

/**
 * Niceness by kind of work; web requests run at 0, so that neither guests nor background work starve them. Under full
 * load each level gets 80 % of the CPU time of the next lower niceness. Where cgroups are delegated, their weights count
 * first.
 */
export const NICENESS = {
  /** The first words of the captions of a video: a few seconds of work. */
  firstWords: 1,
  /** What makes a video playable. */
  firstLook: 2,
  machine: 3,
  media: 4,
  transcription: 6,
  /** The thumbnails of the seek bar, which viewers need later than its segments. */
  thumbnails: 7,
  /** Chunks of a video after the first one. */
  continuation: 8,
  /** Templates and spare machines built ahead of demand. */
  prewarm: 10,
  /** Renditions that only save space: everything else goes first. */
  compression: 19,
}
