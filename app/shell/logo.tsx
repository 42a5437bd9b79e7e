/** An hourglass made of two play triangles. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" className="size-5" aria-hidden>
      <path className="fill-primary" d="M6 3h20L16 16z" />
      <path className="fill-primary opacity-70" d="M6 29h20L16 16z" />
    </svg>
  )
}
