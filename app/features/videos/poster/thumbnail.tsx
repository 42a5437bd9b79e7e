interface Props {
  /** The URL of the poster. */
  url: string
  className: string
}

/** A poster in the size of lists: WebP for browsers that show it, else the whole poster. */
export const Thumbnail = ({ url, className }: Props) => (
  <picture className="contents">
    <source type="image/webp" srcSet={url.replace('/poster.jpg', '/poster.webp')} />
    <img src={url} alt="" loading="lazy" className={className} />
  </picture>
)
