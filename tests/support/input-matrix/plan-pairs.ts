interface Value {
  axis: string
  value: string
}
type Row = Record<string, string>

interface Plan {
  axes: Record<string, string[]>
  /** Names of two axes, separated by a space, whose values must meet. */
  pairs: string[]
  /** Whether two values can occur together. `a` is of the axis that `axes` lists first. */
  isPossible(a: Value, b: Value): boolean
}

/**
 * Selects combinations of one value per axis such that all values of `pairs` that can occur together meet in at least one
 * of them. Deterministic.
 */
export function planPairs({ axes, pairs, isPossible }: Plan): Row[] {
  const names = Object.keys(axes)
  const inOrder = (a: Value, b: Value): [Value, Value] =>
    names.indexOf(a.axis) < names.indexOf(b.axis) ? [a, b] : [b, a]
  const covered = new Set<string>()
  const pairKey = (one: Value, other: Value) => {
    const [a, b] = inOrder(one, other)
    return `${a.axis}=${a.value} ${b.axis}=${b.value}`
  }
  const valuesOf = (row: Row) => Object.entries(row).map(([axis, value]) => ({ axis, value }))
  const isRequired = (one: Value, other: Value) => {
    const [a, b] = inOrder(one, other)
    return pairs.includes(`${a.axis} ${b.axis}`)
  }
  const rate = (row: Row, next: Value) => {
    const added = valuesOf(row).filter((value) => !covered.has(pairKey(value, next)))
    // Pairs that are not required break ties.
    return added.length + 100 * added.filter((value) => isRequired(value, next)).length
  }

  /** Completes a row with the values that add the most pairs; null if none fit. */
  function complete(row: Row): Row | null {
    const axis = names.find((name) => row[name] === undefined)
    if (axis === undefined) return row
    const candidates = axes[axis]!.map((value) => ({ axis, value }))
      .filter((next) => valuesOf(row).every((value) => isPossible(...inOrder(value, next))))
      .map((next) => ({ ...next, gain: rate(row, next) }))
      .sort((a, b) => b.gain - a.gain)
    for (const { value } of candidates) {
      const completed = complete({ ...row, [axis]: value })
      if (completed) return completed
    }
    return null
  }

  const rows: Row[] = []
  for (const [first, second] of pairs.map((pair) => pair.split(' ') as [string, string]))
    for (const a of axes[first]!)
      for (const b of axes[second]!) {
        const pair = [
          { axis: first, value: a },
          { axis: second, value: b },
        ] as const
        if (covered.has(pairKey(...pair)) || !isPossible(...pair)) continue
        const row = complete({ [first]: a, [second]: b })
        if (!row) continue
        rows.push(row)
        const values = valuesOf(row)
        for (const one of values) for (const other of values) covered.add(pairKey(one, other))
      }
  return rows
}
