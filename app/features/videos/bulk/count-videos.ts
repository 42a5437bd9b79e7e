/** "1 video", "12 videos". */
export const countVideos = (count: number) => (count === 1 ? '1 video' : `${count} videos`)
