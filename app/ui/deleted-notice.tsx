import { Link } from './link'

interface Props {
  message: string
  /** Where to go instead. */
  href: string
  linkText: string
}

/** Shown instead of a page whose row was deleted while it was open. */
export const DeletedNotice = ({ message, href, linkText }: Props) => (
  <p className="py-20 text-center text-muted-foreground">
    {message}{' '}
    <Link className="underline" href={href}>
      {linkText}
    </Link>
  </p>
)
