/** Makes texts unique: the second "Passkey" becomes "Passkey (2)". */
export function numberDuplicates(texts: readonly string[]) {
  const used = new Set<string>()
  return texts.map((text) => {
    let unique = text
    for (let number = 2; used.has(unique); number++) unique = `${text} (${number})`
    used.add(unique)
    return unique
  })
}
