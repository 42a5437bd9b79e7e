const BATCH_SIZE = 5_000

/**
 * Deletes rows in batches, because one statement would lock all of them against workers until it ends. `deleteBatch`
 * deletes at most `limit` rows and returns their number. Returns the total.
 */
export async function deleteInBatches(deleteBatch: (limit: number) => Promise<{ count: number }>) {
  let total = 0
  for (;;) {
    const { count } = await deleteBatch(BATCH_SIZE)
    // Not at the first incomplete batch: deleting rows may allow the deletion of others.
    if (count === 0) return total
    total += count
  }
}
