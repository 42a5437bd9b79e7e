/** "key.created" as "Key created". */
export function auditActionLabel(action: string) {
  const words = action.replaceAll(/[._]/g, ' ')
  return words[0]!.toUpperCase() + words.slice(1)
}
