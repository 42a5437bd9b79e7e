/** How a running task uses the CPU. */
export interface CpuUse {
  /** Cores that it keeps busy while it runs alone. */
  cores: number
  /** Its part of the CPU time while there is not enough for all, relative to others. */
  weight: number
  /** The part of the time during which it runs, 0 to 1. Default: 1. */
  presence?: number
}

/**
 * Returns the speed of each of several running tasks as a share of its speed alone: `cores` are divided by weight, and
 * what a task does not need is divided among the others (max-min fairness, as the Linux scheduler does).
 */
export function cpuShares(uses: readonly CpuUse[], cores: number): number[] {
  const shares = uses.map(() => 1)
  const demand = ({ cores: own, presence = 1 }: CpuUse) => own * presence
  let open = uses.map((use, n) => ({ use, n }))
  let left = cores
  for (;;) {
    const total = open.reduce((sum, { use }) => sum + use.weight * (use.presence ?? 1), 0)
    if (total === 0) return shares
    const fair = ({ weight, presence = 1 }: CpuUse) => (left * weight * presence) / total
    const satisfied = open.filter(({ use }) => demand(use) <= fair(use))
    if (satisfied.length === 0) {
      for (const { use, n } of open) shares[n] = fair(use) / demand(use)
      return shares
    }
    left -= satisfied.reduce((sum, { use }) => sum + demand(use), 0)
    open = open.filter((one) => !satisfied.includes(one))
  }
}
