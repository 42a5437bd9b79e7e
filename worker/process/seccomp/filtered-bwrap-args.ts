import { ownFilterFile } from './filter-file'

// bubblewrap reads the filter from a descriptor. bash chooses a free one above 9: the program has pipes from 3 on.
const START_WITH_FILTER = 'exec {filter}<"$0" && exec bwrap --seccomp "$filter" "$@"'

/** The command that starts bubblewrap with a seccomp filter; undefined if there is none for this computer. */
export function filteredBwrapArgs(options: { hasNetwork: boolean }) {
  const file = ownFilterFile(options)
  return file === undefined ? undefined : ['bash', '-c', START_WITH_FILTER, file]
}
