/** Every key of the storage is built here, from ids and names alone. */

export const VIDEOS_FOLDER = 'videos'
const EXPORTS_FOLDER = 'exports'
const ARCHIVES_FOLDER = 'archives'
export const INIT_FILE = 'init.mp4'
export const segmentFile = (index: number) => `${index}.m4s`

/** Folders whose files are written as a whole: an unfinished multipart upload below them is left over from a crash. */
export const WHOLE_FILE_FOLDERS = [VIDEOS_FOLDER, EXPORTS_FOLDER, ARCHIVES_FOLDER]

/** Storage keys of the files of a video. */
export function videoKeys(videoId: string) {
  const folder = `${VIDEOS_FOLDER}/${videoId}`
  const rendition = (name: string) => `${folder}/hls/${name}`
  return {
    folder,
    /** `extension` with its dot, or empty. */
    source: (extension: string) => `${folder}/source${extension}`,
    /** A copy of the source with an index. */
    indexed: `${folder}/indexed.mkv`,
    poster: `${folder}/poster.jpg`,
    posters: `${folder}/posters`,
    /** A poster that its owner has chosen, by the task that created it. */
    chosenPoster: (taskId: string) => `${folder}/posters/${taskId}.jpg`,
    /** A picture as it was uploaded, which is removed once its poster is created. */
    uploadedPicture: (taskId: string) => `${folder}/posters/${taskId}.upload`,
    storyboard: `${folder}/storyboard`,
    storyboardFile: (file: string) => `${folder}/storyboard/${file}`,
    rendition,
    init: (name: string) => `${rendition(name)}/${INIT_FILE}`,
    segment: (name: string, index: number) => `${rendition(name)}/${segmentFile(index)}`,
    download: (name: string) => `${folder}/downloads/${name}.mp4`,
  }
}

/** The key of a poster in the size of lists, beside the poster. */
export const thumbnailKey = (posterKey: string) => posterKey.replace(/\.jpg$/, '.webp')

/** Storage keys of the current files of a video, whose file may have been replaced. */
export const currentKeys = ({ id, filesId }: { id: string; filesId: string | null }) =>
  videoKeys(filesId ?? id)

/** The key of the source of a video, from the id and the name of its upload. */
export const sourceKey = (videoId: string, filename: string) =>
  videoKeys(videoId).source(/\.[a-z0-9]{1,5}$/i.exec(filename)?.[0].toLowerCase() ?? '')

/** Storage keys of the last bytes of a file that is being written, while they fill no part of their own. */
export function tailKeys(key: string) {
  const folder = `${key}.tails`
  return { folder, tail: (start: number, end: number) => `${folder}/${start}-${end}` }
}

/** Storage keys of an export of a user's data. */
export function exportKeys(exportId: string) {
  const folder = `${EXPORTS_FOLDER}/${exportId}`
  return { folder, archive: `${folder}/export.zip` }
}

/** Storage keys of an encrypted archive of videos. */
export function archiveKeys(archiveId: string) {
  const folder = `${ARCHIVES_FOLDER}/${archiveId}`
  return { folder, archive: `${folder}/archive.tar.age` }
}

/** The key of the marker by which processes recognize the same storage. */
export const STORAGE_ID_KEY = 'storage-id'

/** The key of the object that `npm run doctor` writes, reads and removes. */
export const probeKey = (id: string) => `probes/${id}`

const SERVED_FILE = /^(hls\/[\w-]+\/(init\.mp4|\d+\.m4s)|storyboard\/[\w.-]+|downloads\/[\w-]+\.mp4)$/

/** Whether a file of a video is a segment or the init segment of a rendition. */
export const isRenditionFile = (file: string) => file.startsWith('hls/')

/** The rendition and index of a segment among the files of a video; null for any other file. */
export function parseSegmentFile(file: string) {
  const [, name, index] = /^hls\/([\w-]+)\/(\d{1,9})\.m4s$/.exec(file) ?? []
  return name ? { name, index: Number(index) } : null
}

/** The key of a file that `/media/videos/ID/FILE` serves from storage; null for any other path. */
export const servedFileKey = (video: Parameters<typeof currentKeys>[0], file: string) =>
  SERVED_FILE.test(file) ? `${currentKeys(video).folder}/${file}` : null
