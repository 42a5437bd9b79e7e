const GRANTED = /\/media\/shares\/[^/]+\//

/** A media URL of a link with the grant of another one, which was renewed. URLs of owners have none and stay as they are. */
export function withGrantOf(url: string, latest: string) {
  const [part] = GRANTED.exec(latest) ?? []
  return part ? url.replace(GRANTED, part) : url
}
