interface Toggle {
  id: string
  /** Another end of a range, all rows of which get the new state of `id`. */
  from?: string
  order: readonly string[]
}

/** The selection after a row was toggled. */
export function toggleRow(selected: ReadonlySet<string>, { id, from, order }: Toggle): ReadonlySet<string> {
  const [start, end] = [order.indexOf(from ?? id), order.indexOf(id)].toSorted((a, b) => a - b)
  const toggled = start! < 0 ? [id] : order.slice(start, end! + 1)
  return selected.has(id)
    ? new Set([...selected].filter((other) => !toggled.includes(other)))
    : new Set([...selected, ...toggled])
}
