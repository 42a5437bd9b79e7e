// Written by `npm run client:types` from the OpenAPI document. Do not edit.

export type Problem = {
  type: string
  code: string
  title: string
  status: number
  detail?: string
}

export type Task = {
  id: string
  kind: string
  /** The kind for display; of a skipped task, what happened instead */
  label: string
  state: "queued" | "in_progress" | "done" | "failed" | "canceled"
  /** Done without doing its work, as `label` says, such as captions of a video without audio */
  isSkipped: boolean
  stage: string | null
  progress: number
  /** Seconds until it is done, with the time that it waits; null while too little is known */
  etaSeconds: number | null
  /** The range in which etaSeconds is most likely */
  etaRangeSeconds: {
    low: number
    high: number
  } | null
  /** Of a waiting task: seconds until it starts */
  startsInSeconds: number | null
  /** Queue position, 1 is next; null while the task waits for its parent or its next attempt */
  position: number | null
  /** False while the task waits in a queue that no worker takes; it starts once one does */
  hasWorker: boolean
  attempts: number
  maxAttempts: number
  /** Grows with every change; ignore a lower one */
  version: number
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
  /** When a browser of its owner first showed that it ended */
  seenAt: string | null
  result: unknown
  error: {
    /** Stable, for programs: video.unreadable */
    code: string
    /** For users: what happened */
    message: string
    /** For users: what to do */
    advice?: string | null
  } | null
  detail: {
    renditions?: ({
      name: string
      state: "queued" | "in_progress" | "done" | "failed" | "canceled"
      progress: number
    })[]
    /** Multiple of real time */
    speed?: number
    stages?: ({
      name: string
      /** Null while it runs */
      seconds: number | null
    })[]
    /** Of a file that became no video */
    filename?: string
    /** The end of the output of a script */
    outputTail?: string
    outputBytes?: number
    /** Of a download */
    receivedBytes?: number
    /** Of a download; null if the server does not state it: `progress` is then 0 until the end */
    totalBytes?: number | null
  } | null
  /** The task whose completion starts this one */
  parentId: string | null
  videoId: string | null
  machineId: string | null
}

export type Rendition = {
  /** 1080p, 720p, source, audio-0, audio-0-surround, 720p-av1 … */
  name: string
  mode: "copy" | "encode" | "audio"
  /** Of an encoded rendition. Those in av1 and hevc are created after the video is done, for space (EXTRA_CODECS) */
  codec: "h264" | "av1" | "hevc" | null
  height: number | null
  width: number | null
  /** failed or canceled if its transcode ended before it was done */
  state: "queued" | "in_progress" | "done" | "failed" | "canceled"
  progress: number
  /** BCP 47 */
  language: string | null
  /** The title of an audio track */
  label: string | null
  /** Of an audio track: 6 for one in 5.1 (audio-0-surround), beside its rendition in stereo (audio-0). Null for video, and for tracks of earlier versions */
  channels: number | null
  /** MP4 file. Null until it is packaged: the video.package task of the video (GET /api/v1/tasks?kind=video.package&videoId=ID) reports the state of each download in detail.renditions. Always null for audio tracks, extra codecs and for a source that is an MP4 already (urls.download) */
  downloadUrl: string | null
}

export type Caption = {
  id: string
  videoId: string
  /** BCP 47; `und` while it is unknown */
  language: string
  /** Display name */
  label: string
  /** Transcribed (speech), part of the upload (embedded), imported from a file (sidecar), written by a user, or translated from another track (translation) */
  source: "speech" | "embedded" | "sidecar" | "person" | "translation"
  isTranslation: boolean
  /** The speech engine */
  engine: string | null
  model: string | null
  isLowAccuracy: boolean
  /** A note for the user, such as why this engine was chosen or that no speech was detected */
  note: string | null
  state: "queued" | "in_progress" | "done" | "failed" | "canceled"
  error: {
    /** Stable, for programs: video.unreadable */
    code: string
    /** For users: what happened */
    message: string
    /** For users: what to do */
    advice?: string | null
  } | null
  /** Complete up to this time */
  doneSeconds: number
  cueCount: number
  /** Increases when existing cues change or are removed, not when cues are appended */
  revision: number
  /** Increases with every change */
  version: number
  createdAt: string
  /** The latest task that generates it */
  taskId: string | null
  urls: {
    cues: string
    vtt: string
  }
}

export type Video = {
  id: string
  title: string
  folderId: string | null
  /** In lower case */
  tags: string[]
  filename: string
  /** The state of its transcode; queued while its file is uploaded */
  state: "queued" | "in_progress" | "done" | "failed" | "canceled"
  /** True from the first finished segment on */
  isPlayable: boolean
  /** While the file is uploaded, of which a part may be playable: how much has arrived. Null afterwards */
  upload: {
    receivedBytes: number
    sizeBytes: number
  } | null
  /** False for an audio file */
  hasVideo: boolean | null
  /** Whether the poster is a picture: the cover art of the file, or an uploaded one */
  hasCover: boolean
  /** Whether the poster was selected automatically, or is a frame or a picture that its owner has chosen */
  posterSource: "automatic" | "frame" | "picture"
  error: {
    /** Stable, for programs: video.unreadable */
    code: string
    /** For users: what happened */
    message: string
    /** For users: what to do */
    advice?: string | null
  } | null
  /** How much shorter the media is than its file states, if the file is truncated or damaged */
  missingSeconds: number | null
  /** Where pictures or sound are missing inside a damaged file, in order, at most 50 ranges: the last picture is held, and the sound is silent */
  damage: ({
    startSeconds: number
    endSeconds: number
  })[]
  /** What the renditions lack, in sentences: tracks that cannot be decoded */
  leftOut: string[]
  sizeBytes: number
  /** Checksum of its file; null while it is uploaded */
  sha256: string | null
  /** Whether a trim created its file: not the uploaded one, but the best rendition with all tracks */
  isCut: boolean
  /** An older video with the same file, unless the user has decided to keep both */
  duplicateOfId: string | null
  durationSeconds: number | null
  width: number | null
  height: number | null
  version: number
  createdAt: string
  /** When it was moved to the trash, where lists omit it */
  deletedAt: string | null
  /** When it is destroyed, if it is in the trash */
  purgeAt: string | null
  finishedAt: string | null
  /** The task that transcodes it */
  taskId: string | null
  renditions: Rendition[]
  captions: Caption[]
  urls: {
    hls: string
    poster: string | null
    storyboard: string | null
    /** The uploaded file; of a trimmed video, what remains of it as an MP4 */
    download: string
    /** The caption tracks as JSON */
    captions: string
    /** The chapters as WebVTT */
    chapters: string
  }
}

export type VideoDetails = {
  id: string
  title: string
  folderId: string | null
  /** In lower case */
  tags: string[]
  filename: string
  /** The state of its transcode; queued while its file is uploaded */
  state: "queued" | "in_progress" | "done" | "failed" | "canceled"
  /** True from the first finished segment on */
  isPlayable: boolean
  /** While the file is uploaded, of which a part may be playable: how much has arrived. Null afterwards */
  upload: {
    receivedBytes: number
    sizeBytes: number
  } | null
  /** False for an audio file */
  hasVideo: boolean | null
  /** Whether the poster is a picture: the cover art of the file, or an uploaded one */
  hasCover: boolean
  /** Whether the poster was selected automatically, or is a frame or a picture that its owner has chosen */
  posterSource: "automatic" | "frame" | "picture"
  error: {
    /** Stable, for programs: video.unreadable */
    code: string
    /** For users: what happened */
    message: string
    /** For users: what to do */
    advice?: string | null
  } | null
  /** How much shorter the media is than its file states, if the file is truncated or damaged */
  missingSeconds: number | null
  /** Where pictures or sound are missing inside a damaged file, in order, at most 50 ranges: the last picture is held, and the sound is silent */
  damage: ({
    startSeconds: number
    endSeconds: number
  })[]
  /** What the renditions lack, in sentences: tracks that cannot be decoded */
  leftOut: string[]
  sizeBytes: number
  /** Checksum of its file; null while it is uploaded */
  sha256: string | null
  /** Whether a trim created its file: not the uploaded one, but the best rendition with all tracks */
  isCut: boolean
  /** An older video with the same file, unless the user has decided to keep both */
  duplicateOfId: string | null
  durationSeconds: number | null
  width: number | null
  height: number | null
  version: number
  createdAt: string
  /** When it was moved to the trash, where lists omit it */
  deletedAt: string | null
  /** When it is destroyed, if it is in the trash */
  purgeAt: string | null
  finishedAt: string | null
  /** The task that transcodes it */
  taskId: string | null
  renditions: Rendition[]
  captions: Caption[]
  urls: {
    hls: string
    poster: string | null
    storyboard: string | null
    /** The uploaded file; of a trimmed video, what remains of it as an MP4 */
    download: string
    /** The caption tracks as JSON */
    captions: string
    /** The chapters as WebVTT */
    chapters: string
  }
  /** Plain text */
  description: string | null
  /** The video whose file this one replaces once it is transcoded. Such a video is in no list */
  replacesId: string | null
  /** What a trimmed video shows of its whole file. Null if it is not trimmed, or that was discarded */
  trim: {
    startSeconds: number
    endSeconds: number
    /** Names the whole file in /media/videos/ID/…, for its owner alone */
    wholeId: string
    wholeDurationSeconds: number
  } | null
  /** Empty until the file is inspected, and if it has none */
  chapters: ({
    startSeconds: number
    /** The start of the next chapter, or the end of the video */
    endSeconds: number
    /** "Chapter 3" if the file names none */
    title: string
  })[]
  /** What the file states about its content */
  metadata: {
    title: string | null
    artist: string | null
    album: string | null
    /** ISO 8601, a year at least, where the format is unmistakable; otherwise as stated */
    date: string | null
    description: string | null
  }
}

export type Machine = {
  id: string
  /** Order number */
  order: number
  name: string
  image: string
  size: {
    cpus: number
    memoryMiB: number
    diskMiB: number
    name: string
  }
  state: "pending" | "running" | "stopping" | "stopped" | "starting" | "rebooting" | "terminating" | "terminated" | "failed"
  desired: "running" | "stopped" | "terminated"
  /** Why the machine is not in its desired state, or how it is impaired */
  error: {
    /** Stable, for programs: video.unreadable */
    code: string
    /** For users: what happened */
    message: string
    /** For users: what to do */
    advice?: string | null
  } | null
  host: {
    name: string
    /** No recent heartbeat: its machines may be running but are unreachable */
    isLost: boolean
    /** What the machine is: with a kernel of its own, or sharing that of its host */
    kind: "vm" | "container"
    /** What the host can do with its machines */
    capabilities: {
      console: boolean
      /** The console takes input; otherwise it shows output only, which may be minutes old */
      consoleInput: boolean
      execute: boolean
      /** Runs a script at the first start, as a replacement for execute */
      bootScript: boolean
      /** Passes user data that begins with #cloud-config on to cloud-init */
      cloudConfig: boolean
      ports: boolean
      snapshots: boolean
      resize: boolean
      /** Measures the use of resources */
      usage: boolean
      survivesApp: boolean
    }
    /** The type of the machine, where the host offers types in place of exact sizes */
    offer: {
      name: string
      cpus: number
      memoryMiB: number
      /** In US dollars; null if unknown */
      pricePerHour: number | null
    } | null
    isAccelerated: boolean
    note: string
  } | null
  network: "none" | "outbound"
  ports: ({
    guestPort: number
    /** On 127.0.0.1 of the host; null until it is open */
    hostPort: number | null
    /** Why the port is not open */
    problem: string | null
  })[]
  sshKeys: string[]
  tags: string[]
  hasUserData: boolean
  /** Termination protection */
  isProtected: boolean
  /** Restart automatically after a crash or host reboot */
  isKeptRunning: boolean
  autoStopMinutes: number | null
  expiresAt: string | null
  startedAt: string | null
  terminatedAt: string | null
  createdAt: string
  version: number
  /** Newest state-changing task */
  taskId: string | null
  /** Task that runs the user data */
  scriptTaskId: string | null
}

/** What each operation of the API takes and returns. `response` is a `Response` where it is no JSON. */
export interface Operations {
  /** List videos. Scope: read. */
  "GET /api/v1/videos": {
    query?: {
      /** A part of the title */
      search?: string
      /** The id of a folder, or none: videos in no folder */
      folder?: string
      /** Tags separated by commas, all of which the videos have */
      tags?: string
      /** Of its transcode. unfinished: queued or in progress */
      state?: "unfinished" | "done" | "failed" | "canceled"
      /** Whether to list the trash instead. Default: false */
      deleted?: string
      sort?: "newest" | "oldest" | "title" | "longest" | "largest"
      /** nextCursor of the previous page */
      cursor?: string
      limit?: number
    }
    response: {
      videos: Video[]
      nextCursor: string | null
    }
  }
  /** Upload a video with the raw file as the body. Scope: upload. */
  "POST /api/v1/videos": {
    query: {
      filename: string
      language?: string
      /** The video whose file it replaces once it is transcoded; the key then needs the scope all. Uploads by tus name it in their metadata */
      replaces?: string
    }
    body: Blob | string
    response: {
      video: VideoDetails
      task: Task
    }
  }
  /** List the tags of your videos. Scope: read. */
  "GET /api/v1/tags": {
    response: {
      tags: ({
        tag: string
        /** Without those in the trash */
        videoCount: number
      })[]
    }
  }
  /** Change many videos: move them to the trash and back, move, tag, share, retry. Scope: all. */
  "POST /api/v1/videos/bulk": {
    body: {
      ids: string[]
      /** delete: move to the trash, from which restore takes them back. purge: destroy what is in the trash now. retry: retry what failed. share: a link to each with default settings, an existing one if there is one */
      action: "delete" | "restore" | "purge" | "retry" | "share"
    } | {
      ids: string[]
      action: "move"
      folderId: string | null
    } | {
      ids: string[]
      action: "tag"
      add?: string[]
      remove?: string[]
    }
    response: {
      /** One for each id, in the same order */
      results: ({
        id: string
        /** Why the change was not made; null if it was */
        error: {
          code: string
          message: string
        } | null
        /** The link of a shared video */
        share: {
          id: string
          /** Null for a link to a playlist */
          videoId: string | null
          /** Null for a link to a video */
          playlistId: string | null
          /** The page for viewers. `?t=SECONDS` starts there. Null if AUTH_SECRET has changed since */
          url: string | null
          /** The player for an iframe; null if no site may embed it (SHARE_EMBED_ORIGINS) */
          embedUrl: string | null
          visibility: "unlisted" | "public"
          hasPassword: boolean
          expiresAt: string | null
          isExpired: boolean
          isDownloadAllowed: boolean
          /** Page views in which playback was started */
          viewCount: number
          createdAt: string
        } | null
      })[]
      /** The videos as they are now */
      videos: Video[]
    }
  }
  /** Download the uploaded files of many videos as one ZIP archive. Scope: read. */
  "GET /api/v1/sources": {
    query: {
      /** Ids separated by commas, at most 200 */
      ids: string
    }
    response: Response
  }
  /** Get a video. Scope: read. */
  "GET /api/v1/videos/{id}": {
    params: {
      id: string
    }
    response: VideoDetails
  }
  /** Change title, description, folder or tags of a video. Scope: all. */
  "PATCH /api/v1/videos/{id}": {
    params: {
      id: string
    }
    body: {
      title?: string
      /** Plain text */
      description?: string
      folderId?: string | null
      tags?: string[]
      /** Keeps a video that has the same file as another */
      duplicateOfId?: null
    }
    response: VideoDetails
  }
  /** Delete a video and its files at once, without the trash. Scope: all. */
  "DELETE /api/v1/videos/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Replace the chapters of a video. Scope: all. */
  "PUT /api/v1/videos/{id}/chapters": {
    params: {
      id: string
    }
    body: {
      /** In any order; each ends where the next one starts */
      chapters: ({
        startSeconds: number
        title: string
      })[]
    }
    response: VideoDetails
  }
  /** Trim start and end of a video, or change its trim. Nothing else is encoded. Scope: all. */
  "PUT /api/v1/videos/{id}/trim": {
    params: {
      id: string
    }
    body: {
      /** Rounded to the nearest frame */
      startSeconds: number
      /** Rounded to the nearest frame; at most the length of the whole video */
      endSeconds: number
    }
    response: {
      task: Task
    }
  }
  /** Restore the whole of a trimmed video. Scope: all. */
  "DELETE /api/v1/videos/{id}/trim": {
    params: {
      id: string
    }
    response: VideoDetails
  }
  /** Discard the whole file of a trimmed video, which cannot be restored afterwards. Scope: all. */
  "DELETE /api/v1/videos/{id}/whole-file": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Choose a frame of a video as its poster, or have it selected automatically again. Scope: all. */
  "PUT /api/v1/videos/{id}/poster": {
    params: {
      id: string
    }
    body: {
      source: "frame"
      /** The time of the frame */
      atSeconds: number
    } | {
      source: "automatic"
    }
    response: {
      task: Task
    }
  }
  /** Upload a JPEG, PNG or WebP file of at most 10 MB as the poster of a video. Scope: all. */
  "PUT /api/v1/videos/{id}/poster/picture": {
    params: {
      id: string
    }
    body: Blob | string
    response: {
      task: Task
    }
  }
  /** Get the proof sheet of a video: what its file contained, what was changed, and how renditions compare. Scope: read. */
  "GET /api/v1/videos/{id}/proof-sheet": {
    params: {
      id: string
    }
    response: {
      videoId: string
      title: string
      source: {
        filename: string
        sizeBytes: number
        sha256: string
        container: string
        durationSeconds: number
        statedSeconds: number
        tracks: ({
          kind: "video" | "audio" | "subtitles"
          /** Codec, size, rate, channels … */
          description: string
        })[]
      }
      changes: ({
        change: string
        reason: string
      })[]
      renditions: ({
        similarity: ({
          atSeconds: number
          /** Mean SSIM of the pictures of a segment to the source; 1 is equal */
          mean: number
          lowest: number
        })[]
        soundDelays: ({
          atSeconds: number
          /** How much later than in the source the sound plays; null where silence or repetition hides it */
          delaySeconds: number | null
        })[]
        /** What is wrong with it, in sentences. An encoded rendition with a problem is withdrawn */
        problems: string[]
        name: string
        mode: "copy" | "encode" | "audio"
        state: string
        /** RFC 6381 */
        codecs: string | null
        sizeBytes: number
        segments: number
        longestSegmentSeconds: number
        endSeconds: number
        /** Where its segments begin, which is where its key frames are; null for sound */
        keyframeGrid: string | null
        /** Checksum of the init segment */
        initSha256: string | null
      })[]
      /** False until the samples were taken, and for videos of earlier versions */
      isChecked: boolean
    }
  }
  /** List the folders of your videos. Scope: read. */
  "GET /api/v1/folders": {
    response: {
      folders: ({
        id: string
        name: string
        /** Without those in the trash */
        videoCount: number
        createdAt: string
      })[]
    }
  }
  /** Create a folder. Scope: all. */
  "POST /api/v1/folders": {
    body: {
      /** Unique among the folders of a user */
      name: string
    }
    response: {
      id: string
      name: string
      /** Without those in the trash */
      videoCount: number
      createdAt: string
    }
  }
  /** Rename a folder. Scope: all. */
  "PATCH /api/v1/folders/{id}": {
    params: {
      id: string
    }
    body: {
      /** Unique among the folders of a user */
      name: string
    }
    response: {
      id: string
      name: string
      /** Without those in the trash */
      videoCount: number
      createdAt: string
    }
  }
  /** Delete a folder. Its videos stay, in no folder. Scope: all. */
  "DELETE /api/v1/folders/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** List your playlists. Scope: read. */
  "GET /api/v1/playlists": {
    response: {
      playlists: ({
        id: string
        name: string
        createdAt: string
        /** Without those in the trash */
        videoCount: number
      })[]
    }
  }
  /** Create a playlist. Scope: all. */
  "POST /api/v1/playlists": {
    body: {
      name: string
      /** Whether videos that no longer exist are left out, instead of refusing the request */
      skipMissing?: boolean
      /** Your videos, in order. A playlist has each video once */
      videoIds?: string[]
    }
    response: {
      id: string
      name: string
      /** In order, with those in the trash, which return when they are restored */
      videoIds: string[]
      /** Increases with every change */
      version: number
      createdAt: string
    }
  }
  /** Get a playlist with its videos. Scope: read. */
  "GET /api/v1/playlists/{id}": {
    params: {
      id: string
    }
    response: {
      id: string
      name: string
      /** In order, with those in the trash, which return when they are restored */
      videoIds: string[]
      /** Increases with every change */
      version: number
      createdAt: string
      /** In order, without those in the trash */
      videos: Video[]
    }
  }
  /** Rename a playlist, or order its videos. Scope: all. */
  "PATCH /api/v1/playlists/{id}": {
    params: {
      id: string
    }
    body: {
      name?: string
      /** The new order of exactly the videos that the playlist has */
      videoIds?: string[]
    }
    response: {
      id: string
      name: string
      /** In order, with those in the trash, which return when they are restored */
      videoIds: string[]
      /** Increases with every change */
      version: number
      createdAt: string
    }
  }
  /** Delete a playlist. Its videos stay. Scope: all. */
  "DELETE /api/v1/playlists/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Add videos to a playlist. Scope: all. */
  "POST /api/v1/playlists/{id}/videos": {
    params: {
      id: string
    }
    body: {
      /** Whether videos that no longer exist are left out, instead of refusing the request */
      skipMissing?: boolean
      /** Added at the end. Those that the playlist has already stay where they are */
      videoIds: string[]
    }
    response: {
      id: string
      name: string
      /** In order, with those in the trash, which return when they are restored */
      videoIds: string[]
      /** Increases with every change */
      version: number
      createdAt: string
    }
  }
  /** Remove a video from a playlist. The video stays. Scope: all. */
  "DELETE /api/v1/playlists/{id}/videos/{videoId}": {
    params: {
      id: string
      videoId: string
    }
    response: {
      id: string
      name: string
      /** In order, with those in the trash, which return when they are restored */
      videoIds: string[]
      /** Increases with every change */
      version: number
      createdAt: string
    }
  }
  /** Import a video from a link. Scope: upload. */
  "POST /api/v1/imports": {
    headers?: {
      /** Repeating a request with the same key returns the same import */
      "Idempotency-Key"?: string
    }
    body: {
      /** `https://…`, `http://…`, or `s3://BUCKET/KEY` with the credentials in `s3` */
      url: string
      /** Default: the name by the server or the URL */
      filename?: string
      /** The spoken language. Default: detected */
      language?: string
      /** For `s3://` URLs. Stored encrypted, and removed when the import ends */
      s3?: {
        accessKeyId: string
        secretAccessKey: string
        sessionToken?: string
        region?: string
        /** URL of the S3 service. Default: AWS */
        endpoint?: string
      }
    }
    response: {
      video: VideoDetails
      task: Task
    }
  }
  /** Generate a sample video, to try the app without a file. Scope: upload. */
  "POST /api/v1/imports/sample": {
    response: {
      video: VideoDetails
      task: Task
    }
  }
  /** List your encrypted archives. Scope: read. */
  "GET /api/v1/archives": {
    response: {
      archives: ({
        id: string
        taskId: string | null
        state: "queued" | "in_progress" | "done" | "failed" | "canceled"
        /** 0 to 1 */
        progress: number
        /** Of its videos, when it was requested */
        titles: string[]
        /** Once it is done */
        sizeBytes: number | null
        /** When the archive is deleted */
        expiresAt: string | null
        createdAt: string
        error: string | null
        urls: {
          download: string | null
        }
      })[]
    }
  }
  /** Export videos as one encrypted archive, readable by the age command: `age -d FILE | tar x`. Scope: all. */
  "POST /api/v1/archives": {
    body: {
      videoIds: string[]
      /** The files as uploaded */
      originals?: boolean
      /** The downloads in MP4 */
      renditions?: boolean
      /** All finished tracks, as WebVTT */
      captions?: boolean
      /** Stored encrypted, and removed when the task ends. Either this or `recipients` */
      passphrase?: string
      /** Public keys of age: `age1…` */
      recipients?: string[]
    }
    response: {
      archive: {
        id: string
        taskId: string | null
        state: "queued" | "in_progress" | "done" | "failed" | "canceled"
        /** 0 to 1 */
        progress: number
        /** Of its videos, when it was requested */
        titles: string[]
        /** Once it is done */
        sizeBytes: number | null
        /** When the archive is deleted */
        expiresAt: string | null
        createdAt: string
        error: string | null
        urls: {
          download: string | null
        }
      }
      task: Task
    }
  }
  /** Cancel an archive, or delete it. Scope: all. */
  "DELETE /api/v1/archives/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Download an archive. Scope: all. */
  "GET /api/v1/archives/{id}/file": {
    params: {
      id: string
    }
    response: Response
  }
  /** List the encrypted archives that were uploaded and are not imported yet. Scope: read. */
  "GET /api/v1/archive-imports": {
    response: {
      uploaded: ({
        uploadId: string
        filename: string
        sizeBytes: number
        /** When it is deleted unless it is imported */
        expiresAt: string
        /** Of its latest import */
        taskId: string | null
        state: "queued" | "in_progress" | "done" | "failed" | "canceled" | null
        error: string | null
      })[]
    }
  }
  /** Import the videos of an encrypted archive that was uploaded by tus as a file named .age. Scope: upload. */
  "POST /api/v1/archive-imports": {
    body: {
      /** Of a complete tus upload of a file named `.age` */
      uploadId: string
      passphrase?: string
      /** A secret key of age. Either this or `passphrase`; removed when the task ends */
      identity?: string
    }
    response: {
      task: Task
    }
  }
  /** Cancel the import of an uploaded archive, and delete the upload. Scope: upload. */
  "DELETE /api/v1/archive-imports/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Describe a link to a video or a playlist (oEmbed). Public. */
  "GET /api/oembed": {
    query: {
      /** The link */
      url: string
      format?: "json"
      maxwidth?: number
      maxheight?: number
    }
    response: {
      version: "1.0"
      /** link if no site may embed it (SHARE_EMBED_ORIGINS) */
      type: "video" | "link"
      title: string
      provider_name: string
      provider_url: string
      thumbnail_url?: string
      thumbnail_width?: number
      thumbnail_height?: number
      html?: string
      width?: number
      height?: number
    }
  }
  /** List the links to a video. Scope: read. */
  "GET /api/v1/videos/{id}/shares": {
    params: {
      id: string
    }
    response: {
      shares: ({
        id: string
        /** Null for a link to a playlist */
        videoId: string | null
        /** Null for a link to a video */
        playlistId: string | null
        /** The page for viewers. `?t=SECONDS` starts there. Null if AUTH_SECRET has changed since */
        url: string | null
        /** The player for an iframe; null if no site may embed it (SHARE_EMBED_ORIGINS) */
        embedUrl: string | null
        visibility: "unlisted" | "public"
        hasPassword: boolean
        expiresAt: string | null
        isExpired: boolean
        isDownloadAllowed: boolean
        /** Page views in which playback was started */
        viewCount: number
        createdAt: string
      })[]
    }
  }
  /** Share a video by a link. Scope: all. */
  "POST /api/v1/videos/{id}/shares": {
    params: {
      id: string
    }
    body: {
      /** unlisted (default): for viewers with the link; public: search engines may list the page too */
      visibility?: "unlisted" | "public"
      /** That viewers must enter. null (default): none */
      password?: string | null
      /** When the link stops working. null (default): never */
      expiresAt?: string | null
      /** Whether viewers may download the files. Default: false */
      isDownloadAllowed?: boolean
    }
    response: {
      id: string
      /** Null for a link to a playlist */
      videoId: string | null
      /** Null for a link to a video */
      playlistId: string | null
      /** The page for viewers. `?t=SECONDS` starts there. Null if AUTH_SECRET has changed since */
      url: string | null
      /** The player for an iframe; null if no site may embed it (SHARE_EMBED_ORIGINS) */
      embedUrl: string | null
      visibility: "unlisted" | "public"
      hasPassword: boolean
      expiresAt: string | null
      isExpired: boolean
      isDownloadAllowed: boolean
      /** Page views in which playback was started */
      viewCount: number
      createdAt: string
    }
  }
  /** List the links to a playlist. Scope: read. */
  "GET /api/v1/playlists/{id}/shares": {
    params: {
      id: string
    }
    response: {
      shares: ({
        id: string
        /** Null for a link to a playlist */
        videoId: string | null
        /** Null for a link to a video */
        playlistId: string | null
        /** The page for viewers. `?t=SECONDS` starts there. Null if AUTH_SECRET has changed since */
        url: string | null
        /** The player for an iframe; null if no site may embed it (SHARE_EMBED_ORIGINS) */
        embedUrl: string | null
        visibility: "unlisted" | "public"
        hasPassword: boolean
        expiresAt: string | null
        isExpired: boolean
        isDownloadAllowed: boolean
        /** Page views in which playback was started */
        viewCount: number
        createdAt: string
      })[]
    }
  }
  /** Share a playlist by a link. Scope: all. */
  "POST /api/v1/playlists/{id}/shares": {
    params: {
      id: string
    }
    body: {
      /** unlisted (default): for viewers with the link; public: search engines may list the page too */
      visibility?: "unlisted" | "public"
      /** That viewers must enter. null (default): none */
      password?: string | null
      /** When the link stops working. null (default): never */
      expiresAt?: string | null
      /** Whether viewers may download the files. Default: false */
      isDownloadAllowed?: boolean
    }
    response: {
      id: string
      /** Null for a link to a playlist */
      videoId: string | null
      /** Null for a link to a video */
      playlistId: string | null
      /** The page for viewers. `?t=SECONDS` starts there. Null if AUTH_SECRET has changed since */
      url: string | null
      /** The player for an iframe; null if no site may embed it (SHARE_EMBED_ORIGINS) */
      embedUrl: string | null
      visibility: "unlisted" | "public"
      hasPassword: boolean
      expiresAt: string | null
      isExpired: boolean
      isDownloadAllowed: boolean
      /** Page views in which playback was started */
      viewCount: number
      createdAt: string
    }
  }
  /** List the links to a console. Scope: machines. */
  "GET /api/v1/machines/{id}/shares": {
    params: {
      id: string
    }
    response: {
      shares: ({
        id: string
        /** The page for viewers. `?t=SECONDS` starts there. Null if AUTH_SECRET has changed since */
        url: string | null
        hasPassword: boolean
        isExpired: boolean
        createdAt: string
        machineId: string
        isTypingAllowed: boolean
        expiresAt: string
      })[]
    }
  }
  /** Share the console of a machine by a link. Scope: machines. */
  "POST /api/v1/machines/{id}/shares": {
    params: {
      id: string
    }
    body: {
      /** Whether viewers may type, not only watch */
      isTypingAllowed?: boolean
      /** When the link stops working */
      expiresInMinutes?: number
      /** That viewers must enter. Default: none */
      password?: string
    }
    response: {
      id: string
      /** The page for viewers. `?t=SECONDS` starts there. Null if AUTH_SECRET has changed since */
      url: string | null
      hasPassword: boolean
      isExpired: boolean
      createdAt: string
      machineId: string
      isTypingAllowed: boolean
      expiresAt: string
    }
  }
  /** Revoke a link to a console. Scope: machines. */
  "DELETE /api/v1/machines/{id}/shares/{shareId}": {
    params: {
      id: string
      shareId: string
    }
    response: undefined
  }
  /** Change the settings of a link to a video or a playlist. Scope: all. */
  "PATCH /api/v1/shares/{id}": {
    params: {
      id: string
    }
    body: {
      /** unlisted (default): for viewers with the link; public: search engines may list the page too */
      visibility?: "unlisted" | "public"
      /** That viewers must enter. null (default): none */
      password?: string | null
      /** When the link stops working. null (default): never */
      expiresAt?: string | null
      /** Whether viewers may download the files. Default: false */
      isDownloadAllowed?: boolean
    }
    response: {
      id: string
      /** Null for a link to a playlist */
      videoId: string | null
      /** Null for a link to a video */
      playlistId: string | null
      /** The page for viewers. `?t=SECONDS` starts there. Null if AUTH_SECRET has changed since */
      url: string | null
      /** The player for an iframe; null if no site may embed it (SHARE_EMBED_ORIGINS) */
      embedUrl: string | null
      visibility: "unlisted" | "public"
      hasPassword: boolean
      expiresAt: string | null
      isExpired: boolean
      isDownloadAllowed: boolean
      /** Page views in which playback was started */
      viewCount: number
      createdAt: string
    }
  }
  /** Revoke a link to a video or a playlist. Scope: all. */
  "DELETE /api/v1/shares/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Open a link: what a viewer without an account sees. Public. */
  "POST /api/v1/shared/{token}": {
    params: {
      /** The last part of the link */
      token: string
    }
    body: {
      /** If the link has one */
      password?: string
      /** One that still works, to renew it. It replaces the password, and its viewer counts once */
      grant?: string
    }
    response: {
      title: string
      /** The state of its transcode; queued while its file is uploaded */
      state: "queued" | "in_progress" | "done" | "failed" | "canceled"
      /** True from the first finished segment on */
      isPlayable: boolean
      /** False for an audio file */
      hasVideo: boolean | null
      /** Whether the poster is a picture: the cover art of the file, or an uploaded one */
      hasCover: boolean
      durationSeconds: number | null
      width: number | null
      height: number | null
      /** Empty until the file is inspected, and if it has none */
      chapters: ({
        startSeconds: number
        /** The start of the next chapter, or the end of the video */
        endSeconds: number
        /** "Chapter 3" if the file names none */
        title: string
      })[]
      renditions: ({
        /** 1080p, 720p, source, audio-0, audio-0-surround, 720p-av1 … */
        name: string
        mode: "copy" | "encode" | "audio"
        /** Of an encoded rendition. Those in av1 and hevc are created after the video is done, for space (EXTRA_CODECS) */
        codec: "h264" | "av1" | "hevc" | null
        height: number | null
        /** failed or canceled if its transcode ended before it was done */
        state: "queued" | "in_progress" | "done" | "failed" | "canceled"
      })[]
      captions: ({
        id: string
        /** BCP 47; `und` while it is unknown */
        language: string
        /** Display name */
        label: string
        url: string
      })[]
      /** Empty unless the link allows downloads */
      downloads: ({
        name: string
        url: string
      })[]
      urls: {
        hls: string
        poster: string | null
        storyboard: string | null
        chapters: string
      }
      visibility: "unlisted" | "public"
      hasPassword: boolean
      /** The signed part of all URLs, valid for 6 hours while the link works */
      grant: string
    } | {
      playlistName: string
      /** Those that the playlist has now, in order */
      videos: ({
        title: string
        durationSeconds: number | null
        id: string
        posterUrl: string | null
      })[]
      visibility: "unlisted" | "public"
      hasPassword: boolean
      /** The signed part of all URLs, valid for 6 hours while the link works */
      grant: string
    } | {
      machineName: string
      isTypingAllowed: boolean
      expiresAt: string
      hasPassword: boolean
      /** Opens the console, for 6 hours while the link works */
      grant: string
    }
  }
  /** Open a video of a shared playlist. Public. */
  "POST /api/v1/shared/{token}/videos/{videoId}": {
    params: {
      /** The last part of the link */
      token: string
      videoId: string
    }
    body: {
      grant: string
    }
    response: {
      title: string
      /** The state of its transcode; queued while its file is uploaded */
      state: "queued" | "in_progress" | "done" | "failed" | "canceled"
      /** True from the first finished segment on */
      isPlayable: boolean
      /** False for an audio file */
      hasVideo: boolean | null
      /** Whether the poster is a picture: the cover art of the file, or an uploaded one */
      hasCover: boolean
      durationSeconds: number | null
      width: number | null
      height: number | null
      /** Empty until the file is inspected, and if it has none */
      chapters: ({
        startSeconds: number
        /** The start of the next chapter, or the end of the video */
        endSeconds: number
        /** "Chapter 3" if the file names none */
        title: string
      })[]
      renditions: ({
        /** 1080p, 720p, source, audio-0, audio-0-surround, 720p-av1 … */
        name: string
        mode: "copy" | "encode" | "audio"
        /** Of an encoded rendition. Those in av1 and hevc are created after the video is done, for space (EXTRA_CODECS) */
        codec: "h264" | "av1" | "hevc" | null
        height: number | null
        /** failed or canceled if its transcode ended before it was done */
        state: "queued" | "in_progress" | "done" | "failed" | "canceled"
      })[]
      captions: ({
        id: string
        /** BCP 47; `und` while it is unknown */
        language: string
        /** Display name */
        label: string
        url: string
      })[]
      /** Empty unless the link allows downloads */
      downloads: ({
        name: string
        url: string
      })[]
      urls: {
        hls: string
        poster: string | null
        storyboard: string | null
        chapters: string
      }
      visibility: "unlisted" | "public"
      hasPassword: boolean
      /** The signed part of all URLs, valid for 6 hours while the link works */
      grant: string
    }
  }
  /** Count a view of a link, once per grant. Public. */
  "POST /api/v1/shared/{token}/views": {
    params: {
      /** The last part of the link */
      token: string
    }
    body: {
      grant: string
    }
    response: undefined
  }
  /** List tasks. Scope: read. */
  "GET /api/v1/tasks": {
    query?: {
      kind?: string
      state?: "queued" | "in_progress" | "done" | "failed" | "canceled"
      /** Part of a title, name, file name, kind or error message, or an id */
      search?: string
      videoId?: string
      machineId?: string
      /** nextCursor of the previous page */
      cursor?: string
      limit?: number
    }
    response: {
      tasks: Task[]
      nextCursor: string | null
    }
  }
  /** Get a task. Scope: read. */
  "GET /api/v1/tasks/{id}": {
    params: {
      id: string
    }
    response: Task
  }
  /** Cancel a task. Scope: all. */
  "POST /api/v1/tasks/{id}/cancel": {
    params: {
      id: string
    }
    response: Task
  }
  /** Retry a task. Scope: all. */
  "POST /api/v1/tasks/{id}/retry": {
    params: {
      id: string
    }
    response: Task
  }
  /** Get the log of a task. Scope: read. */
  "GET /api/v1/tasks/{id}/log": {
    params: {
      id: string
    }
    response: {
      lines: ({
        at: string
        attempt: number
        level: string
        message: string
      })[]
    }
  }
  /** List webhooks. Scope: read. */
  "GET /api/v1/webhooks": {
    response: {
      webhooks: ({
        id: string
        url: string
        events: string[]
        kinds: string[]
        isEnabled: boolean
        /** Why the webhook was disabled automatically */
        disabledReason: string | null
        /** When the current series of failed deliveries began */
        failingSince: string | null
        /** Until when the previous secret also signs */
        formerSecretUntil: string | null
        createdAt: string
      })[]
    }
  }
  /** Create a webhook that receives an event when a task ends (standardwebhooks.com). Scope: all. */
  "POST /api/v1/webhooks": {
    body: {
      /** Endpoint that receives events by POST, as specified by Standard Webhooks */
      url: string
      /** Events to send. Empty: all of them */
      events?: ("task.done" | "task.failed" | "task.canceled")[]
      /** Kinds of tasks to send events for. Empty: all of them */
      kinds?: string[]
    }
    response: {
      id: string
      url: string
      events: string[]
      kinds: string[]
      isEnabled: boolean
      /** Why the webhook was disabled automatically */
      disabledReason: string | null
      /** When the current series of failed deliveries began */
      failingSince: string | null
      /** Until when the previous secret also signs */
      formerSecretUntil: string | null
      createdAt: string
      /** Signing secret (whsec_…), shown only once */
      secret: string
    }
  }
  /** Get a webhook. Scope: read. */
  "GET /api/v1/webhooks/{id}": {
    params: {
      id: string
    }
    response: {
      id: string
      url: string
      events: string[]
      kinds: string[]
      isEnabled: boolean
      /** Why the webhook was disabled automatically */
      disabledReason: string | null
      /** When the current series of failed deliveries began */
      failingSince: string | null
      /** Until when the previous secret also signs */
      formerSecretUntil: string | null
      createdAt: string
    }
  }
  /** Update, enable or disable a webhook. Scope: all. */
  "PATCH /api/v1/webhooks/{id}": {
    params: {
      id: string
    }
    body: {
      url?: string
      /** Events to send. Empty: all of them */
      events?: ("task.done" | "task.failed" | "task.canceled")[]
      /** Kinds of tasks to send events for. Empty: all of them */
      kinds?: string[]
      isEnabled?: boolean
    }
    response: {
      id: string
      url: string
      events: string[]
      kinds: string[]
      isEnabled: boolean
      /** Why the webhook was disabled automatically */
      disabledReason: string | null
      /** When the current series of failed deliveries began */
      failingSince: string | null
      /** Until when the previous secret also signs */
      formerSecretUntil: string | null
      createdAt: string
    }
  }
  /** Delete a webhook and its deliveries. Scope: all. */
  "DELETE /api/v1/webhooks/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Rotate the secret of a webhook; the previous one also signs for 24 hours. Scope: all. */
  "POST /api/v1/webhooks/{id}/secret": {
    params: {
      id: string
    }
    response: {
      id: string
      url: string
      events: string[]
      kinds: string[]
      isEnabled: boolean
      /** Why the webhook was disabled automatically */
      disabledReason: string | null
      /** When the current series of failed deliveries began */
      failingSince: string | null
      /** Until when the previous secret also signs */
      formerSecretUntil: string | null
      createdAt: string
      /** Signing secret (whsec_…), shown only once */
      secret: string
    }
  }
  /** Send a test event to a webhook. Scope: all. */
  "POST /api/v1/webhooks/{id}/test": {
    params: {
      id: string
    }
    response: {
      /** Sent as webhook-id, the same in every attempt */
      id: string
      type: string
      state: "waiting" | "delivered" | "failed" | "skipped"
      /** Attempts since it was last queued */
      attempts: number
      nextAttemptAt: string | null
      createdAt: string
      body: string
      /** Attempts, newest first, at most 12 */
      log: ({
        at: string
        /** HTTP status of the response, if there was one */
        status: number | null
        latencyMs: number
        error: string | null
        /** Always null: response bodies are not read */
        responseHead: string | null
      })[]
    }
  }
  /** List deliveries of a webhook from the last 30 days. Scope: read. */
  "GET /api/v1/webhooks/{id}/deliveries": {
    params: {
      id: string
    }
    query?: {
      /** nextCursor of the previous page */
      cursor?: string
      limit?: number
    }
    response: {
      deliveries: ({
        /** Sent as webhook-id, the same in every attempt */
        id: string
        type: string
        state: "waiting" | "delivered" | "failed" | "skipped"
        /** Attempts since it was last queued */
        attempts: number
        nextAttemptAt: string | null
        createdAt: string
        body: string
        /** Attempts, newest first, at most 12 */
        log: ({
          at: string
          /** HTTP status of the response, if there was one */
          status: number | null
          latencyMs: number
          error: string | null
          /** Always null: response bodies are not read */
          responseHead: string | null
        })[]
      })[]
      nextCursor: string | null
    }
  }
  /** Replay a delivery under the same webhook-id. Scope: all. */
  "POST /api/v1/webhook-deliveries/{id}/replay": {
    params: {
      id: string
    }
    response: {
      /** Sent as webhook-id, the same in every attempt */
      id: string
      type: string
      state: "waiting" | "delivered" | "failed" | "skipped"
      /** Attempts since it was last queued */
      attempts: number
      nextAttemptAt: string | null
      createdAt: string
      body: string
      /** Attempts, newest first, at most 12 */
      log: ({
        at: string
        /** HTTP status of the response, if there was one */
        status: number | null
        latencyMs: number
        error: string | null
        /** Always null: response bodies are not read */
        responseHead: string | null
      })[]
    }
  }
  /** Stream your tasks as server-sent events: first unfinished tasks, then every change. Scope: read. */
  "GET /api/v1/events": {
    query?: {
      /** Only tasks of this kind */
      kind?: string
      /** Only this task; its current state is sent first, even if it has ended */
      taskId?: string
      /** Same as the Last-Event-ID header, for clients that cannot set it */
      lastEventId?: string
    }
    headers?: {
      /** Resumes after the event with this id */
      "last-event-id"?: string
    }
    response: Response
  }
  /** List the attempts of a task. Scope: read. */
  "GET /api/v1/tasks/{id}/attempts": {
    params: {
      id: string
    }
    response: {
      attempts: ({
        attempt: number
        workerId: string
        /** Time from when it could have started */
        waitSeconds: number
        startedAt: string
        endedAt: string | null
        /** Null while it runs */
        outcome: "done" | "failed" | "retry" | "later" | "handed_over" | "canceled" | "died" | "expired" | null
        error: {
          code: string
          /** For users */
          message: string
          /** The error as thrown */
          detail: string
        } | null
      })[]
    }
  }
  /** Pause a queue (administrators). Scope: admin. */
  "POST /api/v1/admin/queues/pause": {
    body: {
      queue: string
    }
    response: {
      queue: string
      isPaused: boolean
    }
  }
  /** Resume a queue (administrators). Scope: admin. */
  "POST /api/v1/admin/queues/resume": {
    body: {
      queue: string
    }
    response: {
      queue: string
      isPaused: boolean
    }
  }
  /** Redrive dead letters (administrators). Scope: admin. */
  "POST /api/v1/admin/dead-letters/redrive": {
    body: {
      which: {
        ids: string[]
      } | {
        kind: string
        code: string
        cause: string
      }
      /** Retry one first, and the others once it is done */
      isTrial?: boolean
    }
    response: {
      id: string
      state: string
      total: number
    }
  }
  /** Dismiss dead letters (administrators). Scope: admin. */
  "POST /api/v1/admin/dead-letters/discard": {
    body: {
      which: {
        ids: string[]
      } | {
        kind: string
        code: string
        cause: string
      }
      reason: string
    }
    response: {
      discarded: number
    }
  }
  /** Run a schedule now (administrators). Scope: admin. */
  "POST /api/v1/admin/schedules/run": {
    body: {
      name: "uploads.expire" | "videos.purge" | "files.orphans" | "logs.remove" | "tasks.remove" | "mail.remove" | "notifications.remove" | "push.close" | "exports.expire" | "audit.remove" | "accounts.expire" | "webhooks.remove" | "queues.statistics"
    }
    response: {
      name: "uploads.expire" | "videos.purge" | "files.orphans" | "logs.remove" | "tasks.remove" | "mail.remove" | "notifications.remove" | "push.close" | "exports.expire" | "audit.remove" | "accounts.expire" | "webhooks.remove" | "queues.statistics"
    }
  }
  /** List web and worker processes (administrators). Scope: admin. */
  "GET /api/v1/admin/processes": {
    response: {
      processes: ({
        id: string
        role: "worker" | "web"
        hostname: string | null
        pid: number | null
        version: string | null
        /** The newest migration that its code contains */
        schemaLevel: string | null
        /** Seen within 20 s */
        isOnline: boolean
        seenAt: string
        startedAt: string
        /** The queues it takes tasks from now */
        queues: string[] | null
        /** Why it takes no further tasks */
        drainReason: string | null
        sandboxProblem: string | null
        /** Null if the storage is reachable */
        storageProblem: string | null
        /** What it encodes H.264 with: software, vaapi, nvenc or qsv. Null for a web process */
        videoEncoder: string | null
        /** Why it is not the configured one */
        encoderProblem: string | null
        /** Its clock minus that of the database */
        clockOffsetMs: number | null
        /** Average over a minute */
        load: number | null
        cpus: number | null
        memoryUsedBytes: number | null
        memoryTotalBytes: number | null
        /** Memory of the process itself */
        rssBytes: number | null
        /** What it does now */
        tasks: ({
          taskId: string
          kind: string
          label: string
          stage: string | null
          progress: number
          startedAt: string
          /** Of its owner */
          email: string
        })[]
      })[]
    }
  }
  /** Mark an ambiguous mail as delivered (administrators). Scope: admin. */
  "POST /api/v1/admin/mails/{id}/arrived": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Resend a failed or ambiguous mail (administrators). Scope: admin. */
  "POST /api/v1/admin/mails/{id}/send-again": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Send yourself a test mail (administrators). Scope: admin. */
  "POST /api/v1/admin/mails/test": {
    response: {
      id: string
    }
  }
  /** Unblock an address that rejected mail (administrators). Scope: admin. */
  "DELETE /api/v1/admin/bounces": {
    query: {
      address: string
    }
    response: undefined
  }
  /** Get your notification settings. Scope: read. */
  "GET /api/v1/notifications": {
    response: {
      /** Which events are mailed */
      events: Record<string, boolean>
      /** Which events appear among the notifications */
      inApp: Record<string, boolean>
      /** Which events are sent to subscribed browsers */
      push: Record<string, boolean>
      /** soon: one mail per event, or a digest when many occur within minutes; daily: one digest each morning */
      gathering: "soon" | "daily"
    }
  }
  /** Update your notification settings. Scope: all. */
  "PATCH /api/v1/notifications": {
    body: {
      events?: Record<string, boolean>
      inApp?: Record<string, boolean>
      push?: Record<string, boolean>
      /** soon: one mail per event, or a digest when many occur within minutes; daily: one digest each morning */
      gathering?: "soon" | "daily"
    }
    response: {
      /** Which events are mailed */
      events: Record<string, boolean>
      /** Which events appear among the notifications */
      inApp: Record<string, boolean>
      /** Which events are sent to subscribed browsers */
      push: Record<string, boolean>
      /** soon: one mail per event, or a digest when many occur within minutes; daily: one digest each morning */
      gathering: "soon" | "daily"
    }
  }
  /** List your notifications. Scope: read. */
  "GET /api/v1/inbox": {
    query?: {
      /** true: only unread ones */
      unread?: "true" | "false"
      /** nextCursor of the previous page */
      cursor?: string
      limit?: number
    }
    response: {
      notifications: ({
        id: string
        event: "machine.ordered" | "machine.ready" | "machine.failed" | "machine.stopped" | "video.ready" | "video.failed" | "upload.refused" | "captions.ready" | "captions.failed" | "archive.ready" | "archive.imported" | "archive.failed" | "export.ready" | "webhook.failed"
        /** What happened, such as “harbour is ready” */
        message: string
        /** More about it, such as why something failed */
        detail: string | null
        /** Path of the page about it */
        href: string
        isFailure: boolean
        createdAt: string
        /** When it was marked as read, on any device */
        readAt: string | null
        /** Grows with every change; ignore a lower one */
        version: number
      })[]
      /** Of all notifications */
      unreadCount: number
      nextCursor: string | null
    }
  }
  /** Mark notifications as read. Scope: all. */
  "POST /api/v1/inbox/read": {
    body: {
      ids: string[]
    } | {
      upTo: string
    }
    response: undefined
  }
  /** Mark a notification as read or unread. Scope: all. */
  "PATCH /api/v1/inbox/{id}": {
    params: {
      id: string
    }
    body: {
      isRead: boolean
    }
    response: {
      id: string
      event: "machine.ordered" | "machine.ready" | "machine.failed" | "machine.stopped" | "video.ready" | "video.failed" | "upload.refused" | "captions.ready" | "captions.failed" | "archive.ready" | "archive.imported" | "archive.failed" | "export.ready" | "webhook.failed"
      /** What happened, such as “harbour is ready” */
      message: string
      /** More about it, such as why something failed */
      detail: string | null
      /** Path of the page about it */
      href: string
      isFailure: boolean
      createdAt: string
      /** When it was marked as read, on any device */
      readAt: string | null
      /** Grows with every change; ignore a lower one */
      version: number
    }
  }
  /** List your browsers that receive notifications, with the key to subscribe with. Scope: read. */
  "GET /api/v1/push": {
    response: {
      /** The applicationServerKey to subscribe with (VAPID), in base64url */
      publicKey: string
      subscriptions: ({
        id: string
        /** Browser and system of the session */
        device: string
        /** Host of the push service */
        service: string
        /** Whether it belongs to the session of this request */
        isCurrent: boolean
        createdAt: string
        lastSentAt: string | null
      })[]
    }
  }
  /** Send notifications to this browser until it signs out (sessions only). Scope: all. */
  "POST /api/v1/push": {
    body: {
      /** URL at the push service of the browser */
      endpoint: string
      keys: {
        /** Public key of the browser, with which messages are encrypted */
        p256dh: string
        /** Secret that the browser shares with this server */
        auth: string
      }
    }
    response: {
      id: string
      /** Browser and system of the session */
      device: string
      /** Host of the push service */
      service: string
      /** Whether it belongs to the session of this request */
      isCurrent: boolean
      createdAt: string
      lastSentAt: string | null
    }
  }
  /** Send no more notifications to a browser. Scope: all. */
  "DELETE /api/v1/push/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Record files in your activity that a page has refused before they were sent. Scope: upload. */
  "POST /api/v1/refused-files": {
    body: {
      files: ({
        filename: string
        sizeBytes: number
        type?: string
        reason: "empty" | "too_large" | "not_media"
      })[]
    }
    response: undefined
  }
  /** List the caption tracks of a video. Scope: read. */
  "GET /api/v1/videos/{id}/captions": {
    params: {
      id: string
    }
    response: {
      captions: Caption[]
    }
  }
  /** Request captions for a video. Scope: upload. */
  "POST /api/v1/videos/{id}/captions": {
    params: {
      id: string
    }
    body: {
      /** The spoken language. Default: detected */
      language?: string
      /** Translate to English, if the model supports it */
      translate?: boolean
      /** Identify who speaks when. Default: if the earlier captions have speakers */
      speakers?: boolean
    }
    response: {
      caption: Caption
      task: Task
    }
  }
  /** Import captions from a .srt, .vtt or .ass file in the body. Scope: upload. */
  "POST /api/v1/videos/{id}/captions/files": {
    params: {
      id: string
    }
    query?: {
      filename?: string
      language?: string
      label?: string
      /** Default: detected. If that is not certain, 422 `caption.encoding_unknown` lists samples to choose from */
      encoding?: "utf-8" | "utf-16le" | "utf-16be" | "windows-1250" | "windows-1251" | "windows-1252" | "windows-1253" | "windows-1254" | "windows-1255" | "windows-1256" | "windows-1257" | "windows-1258" | "windows-874" | "iso-8859-2" | "iso-8859-5" | "iso-8859-7" | "koi8-r" | "koi8-u" | "gb18030" | "big5" | "shift_jis" | "euc-jp" | "iso-2022-jp" | "euc-kr"
    }
    body: Blob | string
    response: {
      caption: Caption
      /** The first 100 skipped cues and lines with damaged letters. All other cues are imported */
      problems: ({
        line: number
        message: string
      })[]
      /** Number of further ones */
      moreProblems: number
    }
  }
  /** Search captions. Scope: read. */
  "GET /api/v1/captions/search": {
    query: {
      /** A phrase; the last word may be a prefix */
      q: string
      /** Search only this video */
      videoId?: string
      limit?: number
    }
    response: {
      hits: ({
        videoId: string
        videoTitle: string
        captionId: string
        language: string
        cueId: string
        startSeconds: number
        endSeconds: number
        /** When the phrase begins. Estimated within the cue if it has no word times */
        phraseSeconds: number
        /** The text of the cue and of following ones that the phrase extends to */
        text: string
        /** Who speaks in the cue; null if unknown */
        speaker: string | null
      })[]
    }
  }
  /** Get a track. Scope: read. */
  "GET /api/v1/captions/{id}": {
    params: {
      id: string
    }
    response: Caption
  }
  /** Update the language or label of a track. Scope: all. */
  "PATCH /api/v1/captions/{id}": {
    params: {
      id: string
    }
    body: {
      language?: string
      label?: string | null
    }
    response: Caption
  }
  /** Delete a track. Scope: all. */
  "DELETE /api/v1/captions/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** List the cues of a track, or only new ones. Scope: read. */
  "GET /api/v1/captions/{id}/cues": {
    params: {
      id: string
    }
    query?: {
      /** Only cues that start later, in seconds */
      after?: number
      /** The revision of the known cues. If it is outdated, all cues are returned */
      revision?: number
      /** none omits words and their times, which reduces the size to a quarter */
      words?: "all" | "none"
    }
    response: {
      caption: Caption
      /** In the order of their times */
      cues: ({
        id: string
        startSeconds: number
        endSeconds: number
        /** Plain text; may contain line breaks */
        text: string
        /** Who speaks; null if unknown */
        speaker: string | null
        confidence: number | null
        words: ({
          text: string
          startSeconds: number
          endSeconds: number
          confidence: number | null
        })[] | null
        /** Edited by a user; a new transcription does not change it */
        isEdited: boolean
        /** The text of a later transcription, if it differs from what a user wrote */
        alternative: string | null
      })[]
      /** True if all cues are returned: replace the known ones */
      isWhole: boolean
    }
  }
  /** Edit cues. Scope: all. */
  "PATCH /api/v1/captions/{id}/cues": {
    params: {
      id: string
    }
    body: {
      /** The revision that the change is based on; 409 caption.changed if it is outdated */
      baseRevision: number
      /** New or changed cues */
      put?: ({
        id: string
        startSeconds: number
        endSeconds: number
        text: string
        /** Default: unchanged */
        speaker?: string | null
        alternative?: string | null
      })[]
      remove?: string[]
    }
    response: {
      revision: number
      caption: Caption
    }
  }
  /** Rename a speaker in all cues. Scope: all. */
  "PATCH /api/v1/captions/{id}/speakers": {
    params: {
      id: string
    }
    body: {
      from: string
      /** The name of another speaker joins both */
      to: string
    }
    response: {
      revision: number
      caption: Caption
    }
  }
  /** Translate a track into another language. Scope: upload. */
  "POST /api/v1/captions/{id}/translations": {
    params: {
      id: string
    }
    body: {
      language: string
    }
    response: {
      caption: Caption
      task: Task
    }
  }
  /** List revisions, newest first. Scope: read. */
  "GET /api/v1/captions/{id}/revisions": {
    params: {
      id: string
    }
    response: {
      revisions: ({
        number: number
        createdAt: string
        changedCues: number
      })[]
    }
  }
  /** Revert a revision. Scope: all. */
  "POST /api/v1/captions/{id}/revert": {
    params: {
      id: string
    }
    body: {
      baseRevision: number
      number: number
    }
    response: {
      revision: number
      caption: Caption
    }
  }
  /** Restore the captions to the state after a revision; 0 is before all edits. Scope: all. */
  "POST /api/v1/captions/{id}/restore": {
    params: {
      id: string
    }
    body: {
      baseRevision: number
      number: number
    }
    response: {
      revision: number
      caption: Caption
    }
  }
  /** Export a track. Scope: read. */
  "GET /api/v1/captions/{id}/export": {
    params: {
      id: string
    }
    query?: {
      /** txt: one line per cue, with its time */
      format?: "vtt" | "srt" | "txt"
    }
    response: undefined
  }
  /** Health check. Public. */
  "GET /api/health": {
    response: {
      status: "ok" | "unavailable"
      /** Components whose absence prevents the app from working. For administrators */
      missing?: string[]
      /** Problems that do not prevent the app from working. For administrators */
      warnings?: string[]
    }
  }
  /** List the first steps on a new server (administrators). Scope: admin. */
  "GET /api/v1/admin/onboarding": {
    response: {
      steps: ({
        id: "mail" | "storage" | "models"
        isDone: boolean
        /** The state, or what to do */
        detail: string
      })[]
    }
  }
  /** Dismiss the first steps on your home page (administrators). Scope: admin. */
  "DELETE /api/v1/admin/onboarding": {
    response: undefined
  }
  /** List your API keys. Scope: admin. */
  "GET /api/v1/keys": {
    response: {
      keys: ({
        id: string
        name: string | null
        /** The first characters of the key */
        start: string | null
        scopes: ("read" | "upload" | "machines" | "admin" | "all")[]
        createdAt: string
        expiresAt: string | null
        /** Accurate to a minute */
        lastUsedAt: string | null
      })[]
    }
  }
  /** Create an API key, with no more scopes than the credential of the request. Scope: admin. */
  "POST /api/v1/keys": {
    body: {
      name: string
      /** What the key may be used for. all: everything that its user may do */
      scopes?: ("read" | "upload" | "machines" | "admin" | "all")[]
      /** null: never */
      expiresInDays?: number | null
    }
    response: {
      id: string
      name: string | null
      /** The first characters of the key */
      start: string | null
      scopes: ("read" | "upload" | "machines" | "admin" | "all")[]
      createdAt: string
      expiresAt: string | null
      /** Accurate to a minute */
      lastUsedAt: string | null
      /** The key itself (mw_…), shown only once */
      key: string
    }
  }
  /** Revoke an API key. Scope: admin. */
  "DELETE /api/v1/keys/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Read what takes your storage, by kind and by video. Scope: read. */
  "GET /api/v1/account/storage": {
    query?: {
      /** Of videos. Default: 20 */
      limit?: number
    }
    response: {
      usedBytes: number
      /** The quota */
      limitBytes: number
      /** Uploaded files */
      sourceBytes: number
      /** Renditions, with their downloads */
      renditionBytes: number
      /** Captions, with their revisions */
      captionBytes: number
      /** Posters, storyboards, and indexed copies of uploaded files */
      otherBytes: number
      /** Reserved for unfinished uploads */
      uploadBytes: number
      /** Encrypted archives */
      archiveBytes: number
      /** Of all that, what deleted videos take until they are destroyed */
      trashBytes: number
      /** Those that take the most, the largest first */
      videos: ({
        id: string
        title: string
        isInTrash: boolean
        totalBytes: number
        /** Uploaded files */
        sourceBytes: number
        /** Renditions, with their downloads */
        renditionBytes: number
        /** Captions, with their revisions */
        captionBytes: number
        /** Posters, storyboards, and indexed copies of uploaded files */
        otherBytes: number
      })[]
    }
  }
  /** List the exports of your data. Scope: read. */
  "GET /api/v1/account/exports": {
    response: {
      exports: ({
        id: string
        taskId: string | null
        state: "queued" | "in_progress" | "done" | "failed" | "canceled"
        /** 0 to 1 */
        progress: number
        /** Once it is done */
        sizeBytes: number | null
        /** When the archive is deleted */
        expiresAt: string | null
        createdAt: string
        urls: {
          download: string | null
        }
      })[]
    }
  }
  /** Export your data as one ZIP archive, which replaces an earlier one. Scope: all. */
  "POST /api/v1/account/exports": {
    response: {
      export: {
        id: string
        taskId: string | null
        state: "queued" | "in_progress" | "done" | "failed" | "canceled"
        /** 0 to 1 */
        progress: number
        /** Once it is done */
        sizeBytes: number | null
        /** When the archive is deleted */
        expiresAt: string | null
        createdAt: string
        urls: {
          download: string | null
        }
      }
      task: Task
    }
  }
  /** Cancel an export, or delete its archive. Scope: all. */
  "DELETE /api/v1/account/exports/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Download the archive of an export. Scope: all. */
  "GET /api/v1/account/exports/{id}/file": {
    params: {
      id: string
    }
    response: Response
  }
  /** Delete your account with everything in it; needs a session. Scope: all. */
  "POST /api/v1/account/deletion": {
    body: {
      /** The email address of the account */
      confirmation: string
      /** Required if the account has a password */
      password?: string
    }
    response: undefined
  }
  /** Search the audit log (administrators). Scope: admin. */
  "GET /api/v1/admin/audit": {
    query?: {
      /** Part of the email address, or the id of a user */
      actor?: string
      action?: "account.created" | "account.signed_in" | "account.signed_out" | "account.name_changed" | "account.email_change_requested" | "account.email_changed" | "account.email_verified" | "account.identity_confirmed" | "account.password_changed" | "account.password_reset" | "account.session_revoked" | "account.two_factor_enabled" | "account.two_factor_disabled" | "account.two_factor_codes_renewed" | "account.passkey_added" | "account.passkey_removed" | "account.export_requested" | "account.export_downloaded" | "account.deletion_requested" | "account.deleted" | "key.created" | "key.revoked" | "webhook.created" | "webhook.updated" | "webhook.deleted" | "webhook.secret_rotated" | "share.created" | "share.updated" | "share.revoked" | "archive.requested" | "archive.downloaded" | "archive.imported" | "settings.notifications_changed" | "machine.console_opened" | "machine.service_opened" | "machine.port_forwarded" | "machine.port_removed" | "user.invited" | "user.invitation_revoked" | "user.disabled" | "user.enabled" | "user.promoted" | "user.demoted" | "user.two_factor_reset" | "user.signed_out" | "user.limits_changed" | "queue.paused" | "queue.resumed" | "dead_letter.redriven" | "dead_letter.dismissed" | "schedule.started" | "mail.marked_delivered" | "mail.resent" | "mail.bounce_cleared" | "audit.exported"
      /** Part of the subject, address, user agent or detail */
      text?: string
      from?: string
      to?: string
      /** nextCursor of the previous page */
      cursor?: string
      limit?: number
    }
    response: {
      entries: ({
        id: string
        at: string
        actorId: string | null
        /** The email address at that time */
        actorEmail: string | null
        actorKind: "session" | "key" | "system"
        address: string | null
        userAgent: string | null
        action: string
        subjectType: string | null
        subjectId: string | null
        outcome: "success" | "failure"
        detail: Record<string, unknown> | null
      })[]
      nextCursor: string | null
    }
  }
  /** Export the audit log as JSON lines (administrators). Scope: admin. */
  "GET /api/v1/admin/audit/export": {
    query?: {
      /** Part of the email address, or the id of a user */
      actor?: string
      action?: "account.created" | "account.signed_in" | "account.signed_out" | "account.name_changed" | "account.email_change_requested" | "account.email_changed" | "account.email_verified" | "account.identity_confirmed" | "account.password_changed" | "account.password_reset" | "account.session_revoked" | "account.two_factor_enabled" | "account.two_factor_disabled" | "account.two_factor_codes_renewed" | "account.passkey_added" | "account.passkey_removed" | "account.export_requested" | "account.export_downloaded" | "account.deletion_requested" | "account.deleted" | "key.created" | "key.revoked" | "webhook.created" | "webhook.updated" | "webhook.deleted" | "webhook.secret_rotated" | "share.created" | "share.updated" | "share.revoked" | "archive.requested" | "archive.downloaded" | "archive.imported" | "settings.notifications_changed" | "machine.console_opened" | "machine.service_opened" | "machine.port_forwarded" | "machine.port_removed" | "user.invited" | "user.invitation_revoked" | "user.disabled" | "user.enabled" | "user.promoted" | "user.demoted" | "user.two_factor_reset" | "user.signed_out" | "user.limits_changed" | "queue.paused" | "queue.resumed" | "dead_letter.redriven" | "dead_letter.dismissed" | "schedule.started" | "mail.marked_delivered" | "mail.resent" | "mail.bounce_cleared" | "audit.exported"
      /** Part of the subject, address, user agent or detail */
      text?: string
      from?: string
      to?: string
    }
    response: Response
  }
  /** List and search users (administrators). Scope: admin. */
  "GET /api/v1/admin/users": {
    query?: {
      /** Part of the email or name */
      search?: string
      /** nextCursor of the previous page */
      cursor?: string
      limit?: number
    }
    response: {
      users: ({
        id: string
        email: string
        name: string
        role: "admin" | "member"
        isEmailVerified: boolean
        disabledAt: string | null
        createdAt: string
        lastSeenAt: string
        /** null: the default of the server */
        limits: {
          storageBytes: number | null
          machines: number | null
          cpus: number | null
          memoryMiB: number | null
          diskMiB: number | null
        }
        permissions: {
          canUseMachines: boolean
          /** Whether machines may have outbound network */
          canUseInternet: boolean
          canForwardPorts: boolean
          canUseWebhooks: boolean
        }
      })[]
      nextCursor: string | null
    }
  }
  /** Get a user (administrators). Scope: admin. */
  "GET /api/v1/admin/users/{id}": {
    params: {
      id: string
    }
    response: {
      id: string
      email: string
      name: string
      role: "admin" | "member"
      isEmailVerified: boolean
      disabledAt: string | null
      createdAt: string
      lastSeenAt: string
      /** null: the default of the server */
      limits: {
        storageBytes: number | null
        machines: number | null
        cpus: number | null
        memoryMiB: number | null
        diskMiB: number | null
      }
      permissions: {
        canUseMachines: boolean
        /** Whether machines may have outbound network */
        canUseInternet: boolean
        canForwardPorts: boolean
        canUseWebhooks: boolean
      }
      sessions: number
      keys: number
      videos: number
      /** Size of the uploaded files */
      storedBytes: number
      machines: number
      /** An authenticator or a passkey */
      hasTwoFactor: boolean
      /** The limits of the server */
      defaults: Record<string, number>
    }
  }
  /** Change role, limits and permissions of a user, disable or enable them (administrators). Scope: admin. */
  "PATCH /api/v1/admin/users/{id}": {
    params: {
      id: string
    }
    body: {
      role?: "admin" | "member"
      isDisabled?: boolean
      limits?: {
        storageBytes?: number | null
        machines?: number | null
        cpus?: number | null
        memoryMiB?: number | null
        diskMiB?: number | null
      }
      permissions?: {
        canUseMachines?: boolean
        /** Whether machines may have outbound network */
        canUseInternet?: boolean
        canForwardPorts?: boolean
        canUseWebhooks?: boolean
      }
    }
    response: {
      id: string
      email: string
      name: string
      role: "admin" | "member"
      isEmailVerified: boolean
      disabledAt: string | null
      createdAt: string
      lastSeenAt: string
      /** null: the default of the server */
      limits: {
        storageBytes: number | null
        machines: number | null
        cpus: number | null
        memoryMiB: number | null
        diskMiB: number | null
      }
      permissions: {
        canUseMachines: boolean
        /** Whether machines may have outbound network */
        canUseInternet: boolean
        canForwardPorts: boolean
        canUseWebhooks: boolean
      }
    }
  }
  /** End all sessions of a user (administrators). Scope: admin. */
  "POST /api/v1/admin/users/{id}/sign-out": {
    params: {
      id: string
    }
    body: {
      /** Revoke the API keys as well */
      keys?: boolean
    }
    response: undefined
  }
  /** Remove authenticator, recovery codes and passkeys of a user (administrators). Scope: admin. */
  "POST /api/v1/admin/users/{id}/reset-two-factor": {
    params: {
      id: string
    }
    response: undefined
  }
  /** List open invitations (administrators). Scope: admin. */
  "GET /api/v1/admin/invitations": {
    response: {
      invitations: ({
        id: string
        email: string
        role: "admin" | "member"
        expiresAt: string
        createdAt: string
      })[]
    }
  }
  /** Invite a user by a single-use link (administrators). Scope: admin. */
  "POST /api/v1/admin/invitations": {
    body: {
      email: string
      role?: "admin" | "member"
      expiresInDays?: number
    }
    response: {
      id: string
      email: string
      role: "admin" | "member"
      expiresAt: string
      createdAt: string
      /** The link for the invited user, shown only once */
      url: string
    }
  }
  /** Revoke an invitation (administrators). Scope: admin. */
  "DELETE /api/v1/admin/invitations/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** Accept an invitation: create its account. Public. */
  "POST /api/v1/invitations": {
    body: {
      token: string
      name?: string
      password: string
    }
    response: {
      email: string
    }
  }
  /** List machines. Scope: read. */
  "GET /api/v1/machines": {
    query?: {
      /** Substring of the name */
      search?: string
      state?: "pending" | "running" | "stopping" | "stopped" | "starting" | "rebooting" | "terminating" | "terminated" | "failed"
      /** nextCursor of the previous page */
      cursor?: string
      limit?: number
    }
    response: {
      machines: Machine[]
      nextCursor: string | null
    }
  }
  /** Create a machine. Scope: machines. */
  "POST /api/v1/machines": {
    headers?: {
      /** Repeating a request with the same key returns the same machine */
      "idempotency-key"?: string
    }
    body: {
      /** Also the host name of the guest. Default: generated */
      name?: string
      image?: string
      size?: "tiny" | "small" | "medium" | "large" | {
        cpus: number
        memoryMiB: number
        diskMiB: number
      }
      /** Script to run in the new machine. On hosts with the capability cloudConfig, for images with cloud-init, also its configuration: text that begins with #cloud-config */
      userData?: string
      scriptTimeoutMinutes?: number
      terminateAfterScript?: boolean
      /** Terminate after this many minutes */
      ttlMinutes?: number
      /** Stop after running for this many minutes */
      autoStopMinutes?: number
      sshKeys?: string[]
      tags?: string[]
      network?: "none" | "outbound"
      isProtected?: boolean
      isKeptRunning?: boolean
    }
    response: {
      machine: Machine
      order: {
        number: number
        createdAt: string
      }
      task: Task
    }
  }
  /** Get a machine. Scope: read. */
  "GET /api/v1/machines/{id}": {
    params: {
      id: string
    }
    response: Machine
  }
  /** Update name, tags, protection, restart policy or time limits. Scope: machines. */
  "PATCH /api/v1/machines/{id}": {
    params: {
      id: string
    }
    body: {
      name?: string
      tags?: string[]
      isProtected?: boolean
      isKeptRunning?: boolean
      /** Counted from now; null: unlimited */
      ttlMinutes?: number | null
      autoStopMinutes?: number | null
    }
    response: Machine
  }
  /** Terminate a machine from any state. Scope: machines. */
  "DELETE /api/v1/machines/{id}": {
    params: {
      id: string
    }
    response: {
      machine: Machine
      task: Task | null
    }
  }
  /** Start a stopped machine. Scope: machines. */
  "POST /api/v1/machines/{id}/start": {
    params: {
      id: string
    }
    response: {
      machine: Machine
      task: Task | null
    }
  }
  /** Shut down a machine. Scope: machines. */
  "POST /api/v1/machines/{id}/stop": {
    params: {
      id: string
    }
    response: {
      machine: Machine
      task: Task | null
    }
  }
  /** Reboot a machine. Scope: machines. */
  "POST /api/v1/machines/{id}/reboot": {
    params: {
      id: string
    }
    response: {
      machine: Machine
      task: Task | null
    }
  }
  /** Resize a stopped machine. Scope: machines. */
  "POST /api/v1/machines/{id}/resize": {
    params: {
      id: string
    }
    body: {
      size: "tiny" | "small" | "medium" | "large" | {
        cpus: number
        memoryMiB: number
        diskMiB: number
      }
    }
    response: {
      machine: Machine
      task: Task | null
    }
  }
  /** List the audit events of a machine. Scope: read. */
  "GET /api/v1/machines/{id}/events": {
    params: {
      id: string
    }
    response: {
      events: ({
        at: string
        /** E-mail address; null: the app itself */
        actor: string | null
        action: string
        detail: string | null
      })[]
    }
  }
  /** Create a single-use, short-lived console token. Scope: machines. */
  "POST /api/v1/machines/{id}/console": {
    params: {
      id: string
    }
    response: {
      token: string
      expiresAt: string
    }
  }
  /** List forwarded ports. Scope: read. */
  "GET /api/v1/machines/{id}/ports": {
    params: {
      id: string
    }
    response: {
      ports: ({
        guestPort: number
        /** On 127.0.0.1 of the host; null until it is open */
        hostPort: number | null
        /** Why the port is not open */
        problem: string | null
      })[]
    }
  }
  /** Forward a port of the host’s loopback to the machine. Scope: machines. */
  "POST /api/v1/machines/{id}/ports": {
    params: {
      id: string
    }
    body: {
      guestPort: number
      /** In MACHINE_PORT_RANGE. Default: any free port of that range */
      hostPort?: number
    }
    response: {
      guestPort: number
      /** On 127.0.0.1 of the host; null until it is open */
      hostPort: number | null
      /** Why the port is not open */
      problem: string | null
    }
  }
  /** Stop forwarding a port. Scope: machines. */
  "DELETE /api/v1/machines/{id}/ports/{port}": {
    params: {
      id: string
      port: number
    }
    response: undefined
  }
  /** Create a snapshot of the disk. Scope: machines. */
  "POST /api/v1/machines/{id}/snapshots": {
    params: {
      id: string
    }
    body: {
      name: string
    }
    response: {
      id: string
      name: string
      /** Value of `image` for a new machine */
      image: string
      machineId: string
      diskMiB: number
      /** Minimum memory of a machine created from it */
      leastMemoryMiB: number
      state: "queued" | "in_progress" | "done" | "failed" | "canceled"
      createdAt: string
    }
  }
  /** List snapshots. Scope: read. */
  "GET /api/v1/snapshots": {
    response: {
      snapshots: ({
        id: string
        name: string
        /** Value of `image` for a new machine */
        image: string
        machineId: string
        diskMiB: number
        /** Minimum memory of a machine created from it */
        leastMemoryMiB: number
        state: "queued" | "in_progress" | "done" | "failed" | "canceled"
        createdAt: string
      })[]
    }
  }
  /** Delete a snapshot. Scope: machines. */
  "DELETE /api/v1/snapshots/{id}": {
    params: {
      id: string
    }
    response: undefined
  }
  /** List images. Scope: read. */
  "GET /api/v1/machine-images": {
    response: {
      images: ({
        name: string
        /** Other names of the image, which requests may use too */
        aliases: string[]
        label: string
        description: string
        kind: "vm" | "container"
        minimum: {
          cpus: number
          memoryMiB: number
          diskMiB: number
        }
        problem: string | null
      })[]
      /** Why machines are unavailable */
      problem: string | null
      /** No host is online yet */
      isAwaited: boolean
      /** Why outbound network is unavailable */
      outboundProblem: string | null
      /** How machines run, and the consequences for speed and isolation */
      note: string | null
      isAccelerated: boolean
      /** A host passes user data that begins with #cloud-config on to cloud-init */
      takesCloudConfig: boolean
      /** What machines are in place of exact sizes; empty if sizes are exact */
      offers: ({
        name: string
        cpus: number
        memoryMiB: number
        /** In US dollars; null if unknown */
        pricePerHour: number | null
      })[]
    }
  }
}
