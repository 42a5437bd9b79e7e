import './media-elements'

/** From here, since the script of the player would otherwise contain a part of the elements again. */
export const loadPlayerOnElements = async () => (await import('./player')).Player
