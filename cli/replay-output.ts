/* oxlint-disable no-control-regex -- control sequences of terminals */

/**
 * Removes from earlier output what would act again: queries, to which the terminal would respond by typing into the
 * machine, and commands to the terminal itself such as its title and clipboard.
 */
export function forReplay(bytes: Uint8Array) {
  const text = Buffer.from(bytes).toString('latin1')
  const inert = text
    // The first line may start inside a sequence or a character.
    .replace(/^[^\n]*\n(?=[\s\S])/, (line) => (bytes.length < 4_096 ? line : ''))
    // Of the type, modes, size, colors and keyboard of the terminal (XTVERSION, DECRQM, XTWINOPS, kitty keyboard …).
    .replaceAll(/\x1b(?:Z|\[[?>=!]?[\d;:]*(?:[cntx]|[*$ ][pwy])|\[[?>][\d;:]*[qu])/g, '')
    .replaceAll(/\x1b[\]P^_X][^\x07\x1b]*(?:\x07|\x1b\\|$)/g, '')
    .replaceAll(/\x05/g, '')
  return Buffer.from(inert, 'latin1')
}
