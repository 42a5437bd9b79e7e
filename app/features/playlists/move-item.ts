/** Moves one item of a list to the place of another. */
export function moveItem<T>(items: readonly T[], { from, to }: { from: number; to: number }) {
  const rest = items.toSpliced(from, 1)
  return rest.toSpliced(to, 0, items[from]!)
}
