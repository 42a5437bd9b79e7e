import { projectPath } from '@/lib/process/project-path'
import type { FilterArchitecture } from './build-filter'

export interface Filter {
  architecture: FilterArchitecture
  /** Whether the program may open sockets to the internet. */
  hasNetwork: boolean
}

const ARCHITECTURES: FilterArchitecture[] = ['x64', 'arm64']

export const FILTERS: Filter[] = ARCHITECTURES.flatMap((architecture) =>
  [false, true].map((hasNetwork) => ({ architecture, hasNetwork })),
)

/** The path of a compiled filter. */
export const filterFile = ({ architecture, hasNetwork }: Filter) =>
  projectPath(`worker/process/seccomp/${architecture}${hasNetwork ? '-network' : ''}.bpf`)

/** The compiled filter for this computer; undefined for an architecture without one. */
export function ownFilterFile({ hasNetwork }: { hasNetwork: boolean }) {
  const filter = FILTERS.find(
    ({ architecture, ...other }) => architecture === process.arch && other.hasNetwork === hasNetwork,
  )
  return filter && filterFile(filter)
}
