/** "key.created" as "Key created", "account.signed_in" as "Signed in". */
export function auditActionLabel(action: string) {
  const words = action.replace(/^account\.(?!created|delet)/, '').replaceAll(/[._]/g, ' ')
  return words[0]!.toUpperCase() + words.slice(1)
}
